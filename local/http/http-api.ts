import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { finished } from 'node:stream/promises';
import type { DeployedStack } from '../model.ts';
import type { InvocationResult } from '../runtime/invocation.ts';
import { isPreflight, preflightResponse, withCors } from './cors.ts';
import { foreignRefusal } from './own-origin.ts';
import { httpEvent } from './request-event.ts';
import { forbidden, gatewayResponses, responseOf, type HttpResponse } from './response.ts';
import { RouteTable } from './route-table.ts';

/** API Gateway's quotas for an HTTP API. */
const BODY_MAX_BYTES = 10 * 1024 * 1024;
const INTEGRATION_TIMEOUT_MS = 30_000;

const HOST = '127.0.0.1';

export type Invoke = (logicalId: string, event: unknown) => Promise<InvocationResult>;

export interface HttpApiOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly integrationTimeoutMs?: number;
  /** How many times this long a function may take; 1 unless given. */
  readonly timeFactor?: number;
}

/**
 * API Gateway's HTTP API on this machine: routes requests to functions, for programs and pages of this machine only.
 * It takes its port first, because the deployment names the address; until {@link serve} it answers 503.
 */
export class HttpApi {
  readonly url: string;
  readonly #server: Server;
  readonly #integrationTimeoutMs: number;
  readonly #closed: Promise<unknown>;
  readonly #underWay = new Set<Promise<void>>();
  #gateway: Gateway | undefined;

  private constructor(
    server: Server,
    { integrationTimeoutMs = INTEGRATION_TIMEOUT_MS, timeFactor = 1 }: HttpApiOptions,
  ) {
    this.#server = server;
    this.#integrationTimeoutMs = integrationTimeoutMs * timeFactor;
    this.url = `http://${HOST}:${(server.address() as AddressInfo).port}`;
    this.#closed = once(server, 'close');
    server.on('request', (request, response) => {
      const serving = this.#serve(request, response);
      this.#underWay.add(serving);
      void serving.finally(() => this.#underWay.delete(serving));
    });
  }

  static async listen(options: HttpApiOptions): Promise<HttpApi> {
    const server = createServer();
    // The client ends an idle connection. A server that ends one, as Node does after five seconds, may do so while a
    // client that was held up sends its next request, which then fails with ECONNRESET.
    server.keepAliveTimeout = 0;
    try {
      server.listen(options.port, HOST);
      await once(server, 'listening');
    } catch (error) {
      throw portError(error, options.port);
    }
    return new HttpApi(server, options);
  }

  serve(stack: DeployedStack, invoke: Invoke): void {
    this.#gateway = new Gateway(stack, invoke, this.#integrationTimeoutMs);
  }

  /** Takes no more requests; settles when those under way are answered. */
  async drain(): Promise<void> {
    this.#server.close();
    this.#server.closeIdleConnections();
    await Promise.all(this.#underWay);
  }

  /** Frees the port at once, and breaks off what is still under way. */
  async stop(): Promise<void> {
    if (this.#server.listening) this.#server.close();
    this.#server.closeAllConnections();
    await this.#closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await send(response, request.method, await this.#answer(request));
    } catch (error) {
      // A client that broke off leaves nobody to answer.
      if (request.destroyed || response.destroyed) return;
      throw error;
    }
  }

  async #answer(request: IncomingMessage): Promise<HttpResponse> {
    const { headers, method } = request;
    const cors = this.#gateway?.cors;
    const refusal = foreignRefusal(headers, request.socket.localPort ?? 0, cors);
    const body = await readBody(request);
    if (refusal !== undefined) return forbidden(refusal);
    if (cors && isPreflight(method, headers)) return preflightResponse(cors, headers);
    const answer = body ? await this.#gateway?.answer(request, body) : gatewayResponses.tooLarge;
    return withCors(answer ?? gatewayResponses.unavailable, cors, headers.origin);
  }
}

class Gateway {
  readonly cors: DeployedStack['cors'];
  readonly #accountId: string;
  readonly #routes: RouteTable;
  readonly #invoke: Invoke;
  readonly #timeoutMs: number;

  constructor(stack: DeployedStack, invoke: Invoke, timeoutMs: number) {
    this.cors = stack.cors;
    this.#accountId = stack.accountId;
    this.#routes = new RouteTable(stack.routes);
    this.#invoke = invoke;
    this.#timeoutMs = timeoutMs;
  }

  async answer(message: IncomingMessage, body: Buffer): Promise<HttpResponse> {
    const [path = '', ...rest] = (message.url ?? '').split('?');
    if (!isWellFormed(path)) return gatewayResponses.badRequest;
    const match = this.#routes.match(message.method ?? '', path);
    if (!match) return gatewayResponses.notFound;
    const event = httpEvent({ message, path, query: rest.join('?'), body }, match, this.#accountId);
    const answer = await this.#integrate(match.route.functionLogicalId, event);
    return { ...answer, headers: { ...answer.headers, 'apigw-requestid': event.requestContext.requestId } };
  }

  /** The function runs on after the integration timeout; only nobody waits for it any longer. */
  async #integrate(logicalId: string, event: unknown): Promise<HttpResponse> {
    const timeout = Promise.withResolvers<HttpResponse>();
    const timer = setTimeout(() => timeout.resolve(gatewayResponses.unavailable), this.#timeoutMs);
    const answer = await Promise.race([this.#invoke(logicalId, event).then(responseOf), timeout.promise]);
    clearTimeout(timer);
    return answer;
  }
}

/** `%` must stand before two digits of UTF-8 text. */
function isWellFormed(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}

/** Undefined if it is too large; then the rest is read and dropped, so that the client gets to read the answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= BODY_MAX_BYTES) chunks.push(chunk);
  }
  return bytes <= BODY_MAX_BYTES ? Buffer.concat(chunks) : undefined;
}

async function send(
  response: ServerResponse,
  method: string | undefined,
  { status, headers, body }: HttpResponse,
): Promise<void> {
  const length = Buffer.byteLength(body);
  // A function may respond to HEAD without the body that GET has: a length of 0 would say that there is none
  // (RFC 9110, section 8.6).
  const isKnown = hasBody(status) && !(method === 'HEAD' && length === 0);
  response.writeHead(status, { ...headers, ...(isKnown && { 'content-length': length }) });
  response.end(hasBody(status) ? body : undefined);
  await finished(response);
}

const hasBody = (status: number): boolean => status >= 200 && status !== 204 && status !== 304;

function portError(error: unknown, port: number): unknown {
  if (typeof error !== 'object' || error === null || !('code' in error)) return error;
  if (error.code === 'EADDRINUSE') {
    return new Error(
      `Port ${port} is taken by another program. Stop that program, or choose another port with --port.`,
    );
  }
  if (error.code === 'EACCES')
    return new Error(`Port ${port} needs special rights. Choose one above 1023 with --port.`);
  return error;
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { finished } from 'node:stream/promises';
import type { DeployedStack } from '../model.ts';
import type { InvocationResult } from '../runtime/invocation.ts';
import { isPreflight, preflightResponse, withCors } from './cors.ts';
import { toForeignRefusal } from './own-origin.ts';
import { toHttpEvent } from './request-event.ts';
import { forbidden, gatewayResponses, toResponse, type HttpResponse } from './response.ts';
import { RouteTable } from './route-table.ts';

/** API Gateway's quotas for an HTTP API. */
const BODY_MAX_BYTES = 10 * 1024 * 1024;
const INTEGRATION_TIMEOUT_MS = 30_000;

const HOST = '127.0.0.1';

export type Invoke = (logicalId: string, event: unknown) => Promise<InvocationResult>;

export interface HttpApiOptions {
  /** The port; 0: any free one. */
  readonly port: number;
  readonly integrationTimeoutMs?: number;
  /** How many times longer than the integration timeout a function may take; 1 unless given. */
  readonly timeFactor?: number;
}

/**
 * API Gateway's HTTP API on this machine: routes requests to functions, only for programs and pages of this machine. It
 * opens its port before the deployment, which needs the address. Until {@link serve} it responds with 503.
 */
export class HttpApi {
  readonly url: string;
  readonly #server: Server;
  readonly #integrationTimeoutMs: number;
  readonly #closed: Promise<unknown>;
  readonly #running = new Set<Promise<void>>();
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
      this.#running.add(serving);
      void serving.finally(() => this.#running.delete(serving));
    });
  }

  static async listen(options: HttpApiOptions): Promise<HttpApi> {
    const server = createServer();
    // Clients close idle connections. If the server closes one, as Node does after five seconds, a slow client may be
    // sending its next request at that moment, which then fails with ECONNRESET.
    server.keepAliveTimeout = 0;
    try {
      server.listen(options.port, HOST);
      await once(server, 'listening');
    } catch (error) {
      throw toPortError(error, options.port);
    }
    return new HttpApi(server, options);
  }

  serve(stack: DeployedStack, invoke: Invoke): void {
    this.#gateway = new Gateway(stack, invoke, this.#integrationTimeoutMs);
  }

  /** Refuses new connections. Resolves when the running requests have their responses. */
  async drain(): Promise<void> {
    this.#server.close();
    this.#server.closeIdleConnections();
    await Promise.all(this.#running);
  }

  /** Frees the port at once, and cuts off requests that are still running. */
  async stop(): Promise<void> {
    if (this.#server.listening) this.#server.close();
    this.#server.closeAllConnections();
    await this.#closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await send(response, request.method, await this.#respond(request));
    } catch (error) {
      // The client has disconnected, so there is no caller to respond to.
      if (request.destroyed || response.destroyed) return;
      throw error;
    }
  }

  async #respond(request: IncomingMessage): Promise<HttpResponse> {
    const { headers, method } = request;
    const cors = this.#gateway?.cors;
    const refusal = toForeignRefusal(headers, request.socket.localPort ?? 0, cors);
    const body = await readBody(request);
    if (refusal !== undefined) return forbidden(refusal);
    if (cors && isPreflight(method, headers)) return preflightResponse(cors, headers);
    const response = body ? await this.#gateway?.respond(request, body) : gatewayResponses.tooLarge;
    return withCors(response ?? gatewayResponses.unavailable, cors, headers.origin);
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

  async respond(message: IncomingMessage, body: Buffer): Promise<HttpResponse> {
    const [path = '', ...rest] = (message.url ?? '').split('?');
    if (!isWellFormed(path)) return gatewayResponses.badRequest;
    const match = this.#routes.match(message.method ?? '', path);
    if (!match) return gatewayResponses.notFound;
    const event = toHttpEvent({ message, path, query: rest.join('?'), body }, match, this.#accountId);
    const response = await this.#integrate(match.route.functionLogicalId, event);
    return { ...response, headers: { ...response.headers, 'apigw-requestid': event.requestContext.requestId } };
  }

  /** Waits for the function up to the integration timeout. The function continues after it, as on API Gateway. */
  async #integrate(logicalId: string, event: unknown): Promise<HttpResponse> {
    const timeout = Promise.withResolvers<HttpResponse>();
    const timer = setTimeout(() => timeout.resolve(gatewayResponses.unavailable), this.#timeoutMs);
    const response = await Promise.race([this.#invoke(logicalId, event).then(toResponse), timeout.promise]);
    clearTimeout(timer);
    return response;
  }
}

/** Returns false unless every `%` precedes two digits of UTF-8 text. */
function isWellFormed(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}

/**
 * Reads the body, or returns undefined if it is too large. It reads and drops the rest, so that the client can read the
 * response.
 */
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
  // A function may respond to HEAD without the body that GET has. A length of 0 would say that GET has none (RFC 9110,
  // section 8.6).
  const isKnown = hasBody(status) && !(method === 'HEAD' && length === 0);
  response.writeHead(status, { ...headers, ...(isKnown && { 'content-length': length }) });
  response.end(hasBody(status) ? body : undefined);
  await finished(response);
}

const hasBody = (status: number): boolean => status >= 200 && status !== 204 && status !== 304;

function toPortError(error: unknown, port: number): unknown {
  if (typeof error !== 'object' || error === null || !('code' in error)) return error;
  if (error.code === 'EADDRINUSE') {
    return new Error(
      `Port ${port} is taken by another program. Stop that program, or choose another port with --port.`,
    );
  }
  if (error.code === 'EACCES')
    return new Error(`Port ${port} needs special rights. Choose a port above 1023 with --port.`);
  return error;
}

import { EventEmitter } from 'node:events';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { type Guard, notAuthorizedMessage, type Permission, type Refusal } from '../../iam/guard.ts';
import { toTablePermissions } from '../../iam/table-permissions.ts';
import type { CallCounter } from '../call/call-counter.ts';
import { callerOf } from '../call/caller.ts';
import { preflightHeaders } from '../call/cors.ts';
import type { TableFailure } from '../call/gate.ts';
import { toForeignRefusal } from '../call/loopback.ts';
import { TableFailures } from './table-failures.ts';
import { requestCapacity, readConsumedUnits, UNITS } from './table-units.ts';
import { ConcurrencyLimit } from './concurrency-limit.ts';

/** DynamoDB's limit for a request body. */
const BODY_MAX_BYTES = 16 * 1024 * 1024;

/**
 * DynamoDB serves a read at once, however many writes are running. dynalite works on all requests in turn, so a read
 * would wait for every row that the workers have sent. So dynalite gets large writes one after the other.
 */
const LARGE_WRITES_MAX = 1;

const JSON_CONTENT = { 'content-type': 'application/x-amz-json-1.0' };

export interface DynaliteGateOptions {
  readonly counter: CallCounter;
  readonly guard: Guard;
  readonly region: string;
}

export interface DynaliteGate {
  failOperations(operations: readonly string[], failure?: TableFailure): void;
  countUnits(on: boolean): void;
}

/** Replaces the request listener of the server with the gate, which passes requests on to dynalite. */
export function installDynaliteGate(server: Server, { counter, guard, region }: DynaliteGateOptions): DynaliteGate {
  const dynalite = server.listeners('request')[0] as RequestListener;
  let countsUnits = false;
  const writes = new ConcurrencyLimit(LARGE_WRITES_MAX);
  const failures = new TableFailures();
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (refuseForeign(request, response)) return;
    readBody(request, response, (body) => {
      const operation = String(request.headers['x-amz-target'] ?? 'unknown').replace(/^.*\./, '');
      const caller = callerOf(request.headers, request.url ?? '');
      const tally = counter.add(caller, 'dynamodb', operation);
      const unit = countsUnits ? UNITS.get(operation) : undefined;
      observeEnd(response, (responseBody) => {
        if (response.statusCode >= 400) tally.refused++;
        else if (unit) tally[unit] += readConsumedUnits(responseBody);
      });
      const refusal = guard.restricts(caller)
        ? guard.check(caller, neededPermissions(operation, body, region))
        : undefined;
      const pass = (): void => serve(dynalite, request, response, unit ? requestCapacity(body) : body);
      if (refusal) return void response.writeHead(400, JSON_CONTENT).end(accessDenied(refusal));
      if (failures.respond(operation, body, response)) return;
      if (operation === 'BatchWriteItem') writes.run(pass, response);
      else pass();
    });
  });
  return {
    countUnits: (on) => void (countsUnits = on),
    failOperations: (operations, failure) => failures.set(operations, failure),
  };
}

function neededPermissions(operation: string, body: Buffer, region: string): readonly Permission[] {
  try {
    return toTablePermissions(operation, JSON.parse(body.toString()), region);
  } catch (error) {
    // dynalite refuses a body that is not JSON, so the request needs no permission.
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

const accessDenied = (refusal: Refusal): string =>
  JSON.stringify({
    __type: 'com.amazon.coral.service#AccessDeniedException',
    Message: notAuthorizedMessage(refusal, { action: refusal.action }),
  });

function refuseForeign(request: IncomingMessage, response: ServerResponse): boolean {
  const reason = toForeignRefusal(request.headers);
  if (reason !== undefined) response.writeHead(403, { 'content-type': 'text/plain' }).end(reason);
  else if (request.method === 'OPTIONS') response.writeHead(204, preflightHeaders(request.headers)).end();
  else return false;
  return true;
}

/**
 * Reads the whole body. A caller that disconnects while it sends is dropped here: dynalite would throw, which would end
 * its thread.
 */
function readBody(request: IncomingMessage, response: ServerResponse, use: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('error', () => response.destroy());
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= BODY_MAX_BYTES) chunks.push(chunk);
  });
  request.on('end', () => {
    if (size > BODY_MAX_BYTES) response.writeHead(413).end();
    else use(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size));
  });
}

function observeEnd(response: ServerResponse, observe: (responseBody: unknown) => void): void {
  const end = response.end.bind(response) as (body?: unknown) => ServerResponse;
  response.end = ((body?: unknown) => {
    observe(body);
    return end(body);
  }) as ServerResponse['end'];
}

/** Passes the request with its whole body to dynalite, which reads no more of a request than this. */
function serve(dynalite: RequestListener, request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const { method, url, headers } = request;
  const whole = Object.assign(new EventEmitter(), { method, url, headers });
  dynalite(whole as unknown as IncomingMessage & { req: never }, response);
  if (body.length > 0) whole.emit('data', body);
  try {
    whole.emit('end');
  } catch (error) {
    // dynalite's validation throws for this request. Thrown on, the error would end the thread with all tables.
    console.error(error);
    response.writeHead(500).end();
  }
}

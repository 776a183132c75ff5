import { EventEmitter } from 'node:events';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { type Guard, notAuthorized, type Permission, type Refusal } from '../../iam/guard.ts';
import { tablePermissions } from '../../iam/table-permissions.ts';
import type { CallCounter } from '../call/call-counter.ts';
import { callerOf } from '../call/caller.ts';
import { preflightHeaders } from '../call/cors.ts';
import type { TableFailure } from '../call/gate.ts';
import { foreignRequest } from '../call/loopback.ts';
import { TableFailures } from './table-failures.ts';
import { askForCapacity, consumedUnits, UNITS } from './table-units.ts';
import { Turns } from './turns.ts';

/** DynamoDB's own limit. */
const BODY_MAX_BYTES = 16 * 1024 * 1024;

/**
 * DynamoDB serves a read at once, however many writes are under way; dynalite does all that it has been given by turns,
 * so a read would wait for every row that the workers have sent. Of large writes it gets one after the other.
 */
const LARGE_WRITES_AT_ONCE = 1;

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

/** Puts the gate around dynalite, in the place of the server's request listener. */
export function installDynaliteGate(server: Server, { counter, guard, region }: DynaliteGateOptions): DynaliteGate {
  const dynalite = server.listeners('request')[0] as RequestListener;
  let countsUnits = false;
  const writes = new Turns(LARGE_WRITES_AT_ONCE);
  const failures = new TableFailures();
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (refused(request, response)) return;
    readBody(request, response, (body) => {
      const operation = String(request.headers['x-amz-target'] ?? 'unknown').replace(/^.*\./, '');
      const caller = callerOf(request.headers, request.url ?? '');
      const tally = counter.add(caller, 'dynamodb', operation);
      const unit = countsUnits ? UNITS.get(operation) : undefined;
      onEnd(response, (answer) => {
        if (response.statusCode >= 400) tally.refused++;
        else if (unit) tally[unit] += consumedUnits(answer);
      });
      const refusal = guard.restricts(caller) ? guard.refusal(caller, needed(operation, body, region)) : undefined;
      const pass = (): void => serve(dynalite, request, response, unit ? askForCapacity(body) : body);
      if (refusal) return void response.writeHead(400, JSON_CONTENT).end(accessDenied(refusal));
      if (failures.answer(operation, body, response)) return;
      if (operation === 'BatchWriteItem') writes.take(pass, response);
      else pass();
    });
  });
  return {
    countUnits: (on) => void (countsUnits = on),
    failOperations: (operations, failure) => failures.set(operations, failure),
  };
}

function needed(operation: string, body: Buffer, region: string): readonly Permission[] {
  try {
    return tablePermissions(operation, JSON.parse(body.toString()), region);
  } catch (error) {
    // Not JSON, which dynalite refuses: nothing is done, so nothing is needed.
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

const accessDenied = (refusal: Refusal): string =>
  JSON.stringify({
    __type: 'com.amazon.coral.service#AccessDeniedException',
    Message: notAuthorized(refusal, { action: refusal.action }),
  });

function refused(request: IncomingMessage, response: ServerResponse): boolean {
  const reason = foreignRequest(request.headers);
  if (reason !== undefined) response.writeHead(403, { 'content-type': 'text/plain' }).end(reason);
  else if (request.method === 'OPTIONS') response.writeHead(204, preflightHeaders(request.headers)).end();
  else return false;
  return true;
}

/** A caller that goes away while it sends is dropped here: dynalite throws then, which would end its thread. */
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

function onEnd(response: ServerResponse, look: (answer: unknown) => void): void {
  const end = response.end.bind(response) as (body?: unknown) => ServerResponse;
  response.end = ((body?: unknown) => {
    look(body);
    return end(body);
  }) as ServerResponse['end'];
}

/** Gives dynalite the request again with its whole body; it reads no more of a request than this. */
function serve(dynalite: RequestListener, request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const { method, url, headers } = request;
  const whole = Object.assign(new EventEmitter(), { method, url, headers });
  dynalite(whole as unknown as IncomingMessage & { req: never }, response);
  if (body.length > 0) whole.emit('data', body);
  try {
    whole.emit('end');
  } catch (error) {
    // A request that dynalite's validation trips over; thrown on, it would end the thread and everybody's tables.
    console.error(error);
    response.writeHead(500).end();
  }
}

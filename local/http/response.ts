import type { OutgoingHttpHeaders } from 'node:http';
import type { InvocationResult } from '../runtime/invocation.ts';

export interface HttpResponse {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | Buffer;
}

/** API Gateway's own responses: `{"message": …}`. */
export const gatewayResponses = {
  badRequest: gatewayResponse(400, 'Bad Request'),
  notFound: gatewayResponse(404, 'Not Found'),
  tooLarge: gatewayResponse(413, 'Request Entity Too Large'),
  failed: gatewayResponse(500, 'Internal Server Error'),
  unavailable: gatewayResponse(503, 'Service Unavailable'),
} as const;

export const forbidden = (reason: string): HttpResponse => gatewayResponse(403, reason);

function gatewayResponse(status: number, message: string): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) };
}

/** Converts the result of a function to an HTTP response. */
export function toResponse(result: InvocationResult): HttpResponse {
  if ('error' in result) {
    return result.error.type === 'RequestEntityTooLargeException' ? gatewayResponses.tooLarge : gatewayResponses.failed;
  }
  const { ok } = result;
  return isObject(ok) && 'statusCode' in ok ? fromStructured(ok) : fromBody(ok);
}

/** A result without a status code is the body of a 200. */
function fromBody(result: unknown): HttpResponse {
  const body = typeof result === 'string' ? result : JSON.stringify(result);
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}

interface Structured {
  readonly statusCode: unknown;
  readonly headers?: unknown;
  readonly cookies?: unknown;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}

/** Converts a result with a status code. If it is malformed, the function has failed. */
function fromStructured(result: Structured): HttpResponse {
  const status = Number(result.statusCode);
  const body = result.body ?? '';
  const headers = toHeaders(result.headers ?? {}, result.cookies ?? []);
  if (!isStatus(status) || typeof body !== 'string' || !headers) return gatewayResponses.failed;
  return { status, headers, body: result.isBase64Encoded === true ? Buffer.from(body, 'base64') : body };
}

const isStatus = (status: number): boolean => Number.isInteger(status) && status >= 100 && status <= 599;

function toHeaders(headers: unknown, cookies: unknown): OutgoingHttpHeaders | undefined {
  if (!isObject(headers) || !Array.isArray(cookies)) return undefined;
  return {
    'content-type': 'text/plain;charset=UTF-8',
    ...withoutLengths(headers),
    ...(cookies.length > 0 && { 'set-cookie': cookies.map(String) }),
  };
}

/** Removes the lengths that the function states, because they could be wrong; they are counted here. */
function withoutLengths(headers: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]) => [name.toLowerCase(), String(value)] as const)
      .filter(([name]) => name !== 'content-length' && name !== 'transfer-encoding'),
  );
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

import type { OutgoingHttpHeaders } from 'node:http';
import type { InvocationResult } from '../runtime/invocation.ts';

export interface HttpResponse {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | Buffer;
}

/** API Gateway's own answers: `{"message": …}`. */
export const gatewayResponses = {
  badRequest: own(400, 'Bad Request'),
  notFound: own(404, 'Not Found'),
  tooLarge: own(413, 'Request Entity Too Large'),
  failed: own(500, 'Internal Server Error'),
  unavailable: own(503, 'Service Unavailable'),
} as const;

export const forbidden = (reason: string): HttpResponse => own(403, reason);

function own(status: number, message: string): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) };
}

/** The response that a function's answer stands for. */
export function responseOf(result: InvocationResult): HttpResponse {
  if ('error' in result) {
    return result.error.type === 'RequestEntityTooLargeException' ? gatewayResponses.tooLarge : gatewayResponses.failed;
  }
  const { ok } = result;
  return isObject(ok) && 'statusCode' in ok ? structured(ok) : inferred(ok);
}

/** An answer without a status code is the body of a 200. */
function inferred(answer: unknown): HttpResponse {
  const body = typeof answer === 'string' ? answer : JSON.stringify(answer);
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}

interface Structured {
  readonly statusCode: unknown;
  readonly headers?: unknown;
  readonly cookies?: unknown;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}

/** A malformed answer is the function's failure. */
function structured(answer: Structured): HttpResponse {
  const status = Number(answer.statusCode);
  const body = answer.body ?? '';
  const headers = responseHeaders(answer.headers ?? {}, answer.cookies ?? []);
  if (!isStatus(status) || typeof body !== 'string' || !headers) return gatewayResponses.failed;
  return { status, headers, body: answer.isBase64Encoded === true ? Buffer.from(body, 'base64') : body };
}

const isStatus = (status: number): boolean => Number.isInteger(status) && status >= 100 && status <= 599;

function responseHeaders(headers: unknown, cookies: unknown): OutgoingHttpHeaders | undefined {
  if (!isObject(headers) || !Array.isArray(cookies)) return undefined;
  return {
    'content-type': 'text/plain;charset=UTF-8',
    ...plainHeaders(headers),
    ...(cookies.length > 0 && { 'set-cookie': cookies.map(String) }),
  };
}

/** Lengths are counted here; a function's own could be wrong. */
function plainHeaders(headers: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]) => [name.toLowerCase(), String(value)] as const)
      .filter(([name]) => name !== 'content-length' && name !== 'transfer-encoding'),
  );
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

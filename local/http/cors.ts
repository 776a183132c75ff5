import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { DeployedCors } from '../model.ts';
import type { HttpResponse } from './response.ts';

export const allowsOrigin = (cors: DeployedCors | undefined, origin: string): boolean =>
  cors?.allowOrigins.includes(origin) ?? false;

/**
 * Whether a browser asks for leave to send another request. API Gateway answers that itself if the API has a CORS
 * configuration.
 */
export const isPreflight = (method: string | undefined, headers: IncomingHttpHeaders): boolean =>
  method === 'OPTIONS' && headers.origin !== undefined && 'access-control-request-method' in headers;

/** What a page of an allowed origin may do; a page of another one is told nothing. */
export function preflightResponse(cors: DeployedCors, { origin }: IncomingHttpHeaders): HttpResponse {
  const isAllowed = origin !== undefined && allowsOrigin(cors, origin);
  const headers = isAllowed && {
    ...readable(cors, origin),
    'access-control-allow-methods': cors.allowMethods.join(','),
    'access-control-allow-headers': cors.allowHeaders.join(','),
    ...(cors.maxAgeSeconds !== undefined && { 'access-control-max-age': String(cors.maxAgeSeconds) }),
  };
  return { status: 204, headers: headers || {}, body: '' };
}

/**
 * A function's answer with the headers that let a page read it. With a CORS configuration the function's own are left
 * out.
 */
export function withCors(
  answer: HttpResponse,
  cors: DeployedCors | undefined,
  origin: string | undefined,
): HttpResponse {
  if (!cors) return answer;
  const others = Object.entries(answer.headers).filter(([name]) => !name.startsWith('access-control-'));
  const headers = { ...Object.fromEntries(others), ...readable(cors, origin) };
  return { ...answer, headers: { ...headers, ...varying(answer.headers['vary'], headers['vary']) } };
}

/** What an answer depends on, besides the origin. */
const varying = (own: unknown, now: unknown): OutgoingHttpHeaders =>
  own === undefined || own === now ? {} : { vary: `${String(own)}, ${String(now)}` };

function readable(cors: DeployedCors, origin: string | undefined): OutgoingHttpHeaders {
  if (origin === undefined || !allowsOrigin(cors, origin)) return {};
  return {
    'access-control-allow-origin': origin,
    ...(cors.exposeHeaders.length > 0 && { 'access-control-expose-headers': cors.exposeHeaders.join(',') }),
    ...(cors.allowCredentials && { 'access-control-allow-credentials': 'true' }),
    vary: 'Origin',
  };
}

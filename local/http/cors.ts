import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { DeployedCors } from '../model.ts';
import type { HttpResponse } from './response.ts';

export const allowsOrigin = (cors: DeployedCors | undefined, origin: string): boolean =>
  cors?.allowOrigins.includes(origin) ?? false;

/**
 * Returns true for a preflight request, by which a browser asks whether it may send another request. API Gateway
 * responds to it itself if the API has a CORS configuration.
 */
export const isPreflight = (method: string | undefined, headers: IncomingHttpHeaders): boolean =>
  method === 'OPTIONS' && headers.origin !== undefined && 'access-control-request-method' in headers;

/** Returns what a page of an allowed origin may do. The response to any other page has no headers. */
export function preflightResponse(cors: DeployedCors, { origin }: IncomingHttpHeaders): HttpResponse {
  const isAllowed = origin !== undefined && allowsOrigin(cors, origin);
  const headers = isAllowed && {
    ...corsHeaders(cors, origin),
    'access-control-allow-methods': cors.allowMethods.join(','),
    'access-control-allow-headers': cors.allowHeaders.join(','),
    ...(cors.maxAgeSeconds !== undefined && { 'access-control-max-age': String(cors.maxAgeSeconds) }),
  };
  return { status: 204, headers: headers || {}, body: '' };
}

/**
 * Adds the headers that let a page read the response of a function. With a CORS configuration the function's own CORS
 * headers are removed.
 */
export function withCors(
  response: HttpResponse,
  cors: DeployedCors | undefined,
  origin: string | undefined,
): HttpResponse {
  if (!cors) return response;
  const others = Object.entries(response.headers).filter(([name]) => !name.startsWith('access-control-'));
  const headers = { ...Object.fromEntries(others), ...corsHeaders(cors, origin) };
  return { ...response, headers: { ...headers, ...mergeVary(response.headers['vary'], headers['vary']) } };
}

/** Keeps what the response depends on besides the origin. */
const mergeVary = (own: unknown, now: unknown): OutgoingHttpHeaders =>
  own === undefined || own === now ? {} : { vary: `${String(own)}, ${String(now)}` };

function corsHeaders(cors: DeployedCors, origin: string | undefined): OutgoingHttpHeaders {
  if (origin === undefined || !allowsOrigin(cors, origin)) return {};
  return {
    'access-control-allow-origin': origin,
    ...(cors.exposeHeaders.length > 0 && { 'access-control-expose-headers': cors.exposeHeaders.join(',') }),
    ...(cors.allowCredentials && { 'access-control-allow-credentials': 'true' }),
    vary: 'Origin',
  };
}

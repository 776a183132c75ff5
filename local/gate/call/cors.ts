import type { IncomingHttpHeaders } from 'node:http';

/** Returns the headers that let a page of this machine read a response. A foreign origin has been refused before. */
export function corsHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  if (headers.origin === undefined) return {};
  return {
    'access-control-allow-origin': headers.origin,
    'access-control-expose-headers': 'ETag, Content-Length, Content-Range, x-amz-request-id, x-amz-version-id',
    vary: 'Origin',
  };
}

/** Returns the headers of the response to a browser's preflight request before an upload. */
export function preflightHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return {
    ...corsHeaders(headers),
    'access-control-allow-methods': 'GET, HEAD, PUT, POST, DELETE',
    'access-control-allow-headers': headers['access-control-request-headers'] ?? '*',
    'access-control-max-age': '3600',
  };
}

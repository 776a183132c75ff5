import type { IncomingHttpHeaders } from 'node:http';

/** Headers that let a page of this machine read an answer; a foreign Origin was refused before. */
export function corsHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  if (headers.origin === undefined) return {};
  return {
    'access-control-allow-origin': headers.origin,
    'access-control-expose-headers': 'ETag, Content-Length, Content-Range, x-amz-request-id, x-amz-version-id',
    vary: 'Origin',
  };
}

/** The answer to a browser's question before an upload. */
export function preflightHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return {
    ...corsHeaders(headers),
    'access-control-allow-methods': 'GET, HEAD, PUT, POST, DELETE',
    'access-control-allow-headers': headers['access-control-request-headers'] ?? '*',
    'access-control-max-age': '3600',
  };
}

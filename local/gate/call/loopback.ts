import type { IncomingHttpHeaders } from 'node:http';

/** A name of this machine, with or without a port. */
const HOST = /^(?:127\.0\.0\.1|\[::1\]|(?:[a-z0-9-]+\.)*localhost)(?::\d{1,5})?$/i;
const ORIGIN = new RegExp(HOST.source.replace('^', '^https?://'), 'i');

/**
 * Why a request is refused, or undefined. A web page of another site can reach 127.0.0.1 through the browser: directly,
 * then its Origin names it, or by a DNS name of its own that resolves here, then the Host does.
 */
export function foreignRequest(
  headers: IncomingHttpHeaders,
  origins: ReadonlySet<string> = new Set(),
): string | undefined {
  const { host = '', origin } = headers;
  if (!HOST.test(host)) {
    return `The Host ${host} is not this machine. The local cloud answers on 127.0.0.1 and localhost only.`;
  }
  if (origin !== undefined && !ORIGIN.test(origin) && !origins.has(origin)) {
    return `The Origin ${origin} is not this machine. The local cloud answers pages of 127.0.0.1 and localhost only.`;
  }
  return isEmbedded(headers) ? 'A page of another site embeds this. Open it by itself.' : undefined;
}

/**
 * True for an image, a script or the like that a page of another site loads: the browser sends no Origin then. A person
 * who follows a link is let through.
 */
export const isEmbedded = (headers: IncomingHttpHeaders): boolean =>
  headers.origin === undefined &&
  headers['sec-fetch-site'] === 'cross-site' &&
  headers['sec-fetch-mode'] !== 'navigate';

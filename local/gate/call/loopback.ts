import type { IncomingHttpHeaders } from 'node:http';

/** Matches a name of this machine, with or without a port. */
const HOST = /^(?:127\.0\.0\.1|\[::1\]|(?:[a-z0-9-]+\.)*localhost)(?::\d{1,5})?$/i;
const ORIGIN = new RegExp(HOST.source.replace('^', '^https?://'), 'i');

/**
 * Returns why a request is refused, or undefined. A web page of another site can reach 127.0.0.1 through the browser.
 * If it calls directly, its Origin shows it. If it uses a DNS name of its own that resolves to 127.0.0.1, the Host
 * shows it.
 */
export function toForeignRefusal(
  headers: IncomingHttpHeaders,
  origins: ReadonlySet<string> = new Set(),
): string | undefined {
  const { host = '', origin } = headers;
  if (!HOST.test(host)) {
    return `The Host ${host} is not this machine. The local cloud serves 127.0.0.1 and localhost only.`;
  }
  if (origin !== undefined && !ORIGIN.test(origin) && !origins.has(origin)) {
    return `The Origin ${origin} is not this machine. The local cloud serves pages of 127.0.0.1 and localhost only.`;
  }
  return isEmbedded(headers) ? 'A page of another site embeds this. Open it by itself.' : undefined;
}

/**
 * Returns true for an image, a script or the like that a page of another site loads; the browser sends no Origin then.
 * A user who follows a link passes.
 */
export const isEmbedded = (headers: IncomingHttpHeaders): boolean =>
  headers.origin === undefined &&
  headers['sec-fetch-site'] === 'cross-site' &&
  headers['sec-fetch-mode'] !== 'navigate';

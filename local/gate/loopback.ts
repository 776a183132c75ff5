import type { IncomingHttpHeaders } from 'node:http';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

const isLoopback = (hostname: string): boolean => LOOPBACK.has(hostname) || hostname.endsWith('.localhost');

/**
 * Why a request is refused, or undefined. A web page of another site can reach 127.0.0.1 through the browser: directly,
 * then its Origin names it, or by a DNS name of its own that resolves here, then the Host does.
 */
export function foreignRequest(headers: IncomingHttpHeaders): string | undefined {
  const { host = '', origin } = headers;
  if (!isLoopbackUrl(`http://${host}`)) {
    return `The Host ${host} is not this machine. The local cloud answers on 127.0.0.1 and localhost only.`;
  }
  if (origin !== undefined && !isLoopbackUrl(origin)) {
    return `The Origin ${origin} is not this machine. The local cloud answers pages of 127.0.0.1 and localhost only.`;
  }
  return undefined;
}

function isLoopbackUrl(url: string): boolean {
  return URL.canParse(url) && isLoopback(new URL(url).hostname);
}

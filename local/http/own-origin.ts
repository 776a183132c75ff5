import type { IncomingHttpHeaders } from 'node:http';
import { isEmbedded } from '../gate/loopback.ts';

const NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * True if the request was meant for this server by a program or by a page of its own. A page of another site reaches
 * loopback too, through the browser: then its Origin names it, or the Host does, if its name resolves to 127.0.0.1.
 */
export function isOwn(headers: IncomingHttpHeaders, port: number): boolean {
  const { host, origin } = headers;
  const hosts = NAMES.map((name) => `${name}:${port}`);
  const own = port === 80 ? [...hosts, ...NAMES] : hosts;
  const isOwnPage = origin === undefined ? !isEmbedded(headers) : own.some((one) => origin === `http://${one}`);
  return host !== undefined && own.includes(host) && isOwnPage;
}

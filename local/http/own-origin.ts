import type { IncomingHttpHeaders } from 'node:http';
import { isEmbedded } from '../gate/call/loopback.ts';
import type { DeployedCors } from '../model.ts';
import { allowsOrigin } from './cors.ts';

const NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Returns why a request is refused, or undefined if it comes from a program, from a page of this server, or from an
 * origin of the CORS configuration. A page of another site can reach loopback through the browser. Then its Origin
 * shows it, or the Host if its name resolves to 127.0.0.1.
 */
export function toForeignRefusal(
  headers: IncomingHttpHeaders,
  port: number,
  cors: DeployedCors | undefined,
): string | undefined {
  const { host = '', origin } = headers;
  const hosts = NAMES.map((name) => `${name}:${port}`);
  const own = port === 80 ? [...hosts, ...NAMES] : hosts;
  if (!own.includes(host)) return `Forbidden: the Host ${host} is not this API. Its hosts are ${own.join(' and ')}.`;
  if (origin === undefined) return isEmbedded(headers) ? 'Forbidden: a page of another site embeds this.' : undefined;
  if (own.some((one) => origin === `http://${one}`) || allowsOrigin(cors, origin)) return undefined;
  return (
    `Forbidden: a page of ${origin} may not call this API. CDK_CORS_ALLOW_ORIGIN names the origins whose pages may; ` +
    'set it and start again.'
  );
}

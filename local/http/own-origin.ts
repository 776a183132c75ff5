import type { IncomingHttpHeaders } from 'node:http';
import { isEmbedded } from '../gate/call/loopback.ts';
import type { DeployedCors } from '../model.ts';
import { allowsOrigin } from './cors.ts';

const NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Why a request is refused, or undefined if it was meant for this server by a program, by a page of its own or by one
 * that the CORS configuration names. A page of another site reaches loopback too, through the browser: then its Origin
 * names it, or the Host does, if its name resolves to 127.0.0.1.
 */
export function foreignRefusal(
  headers: IncomingHttpHeaders,
  port: number,
  cors: DeployedCors | undefined,
): string | undefined {
  const { host = '', origin } = headers;
  const hosts = NAMES.map((name) => `${name}:${port}`);
  const own = port === 80 ? [...hosts, ...NAMES] : hosts;
  if (!own.includes(host)) return `Forbidden: the Host ${host} is not this API, which is ${own.join(' and ')}.`;
  if (origin === undefined) return isEmbedded(headers) ? 'Forbidden: a page of another site embeds this.' : undefined;
  if (own.some((one) => origin === `http://${one}`) || allowsOrigin(cors, origin)) return undefined;
  return (
    `Forbidden: a page of ${origin} may not call this API. CDK_CORS_ALLOW_ORIGIN names the origins whose pages may; ` +
    'set it and start again.'
  );
}

import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RouteMatch } from './route-table.ts';

/** The event that API Gateway sends to a function, in payload format version 2.0. */
export interface HttpEvent {
  readonly version: '2.0';
  readonly routeKey: string;
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly cookies?: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly requestContext: Readonly<Record<string, unknown>> & { readonly requestId: string };
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

export interface HttpRequest {
  readonly message: IncomingMessage;
  /** The path, still percent-encoded. */
  readonly path: string;
  readonly query: string;
  readonly body: Buffer;
}

/**
 * The content types whose bodies are text. AWS sends bodies of other types, or of none, as base64, forms too
 * (observed).
 */
const TEXT = /^(?:text\/|application\/(?:json|xml|javascript)(?:;|$))/i;

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'expect', 'cookie']);

export function toHttpEvent(request: HttpRequest, match: RouteMatch, accountId: string): HttpEvent {
  const { message, path, query, body } = request;
  const cookies = message.headers.cookie?.split(/; */);
  const parameters = parseQuery(query);
  const text = TEXT.test(message.headers['content-type'] ?? '') && !message.headers['content-encoding'];
  return {
    version: '2.0',
    routeKey: match.route.routeKey,
    rawPath: decodeURIComponent(path),
    rawQueryString: query,
    ...(cookies && { cookies }),
    headers: toHeaders(message),
    ...(parameters && { queryStringParameters: parameters }),
    ...(Object.keys(match.pathParameters).length > 0 && { pathParameters: match.pathParameters }),
    requestContext: toRequestContext(request, match, accountId),
    ...(body.length > 0 && { body: body.toString(text ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !text,
  };
}

function toRequestContext(
  { message, path }: HttpRequest,
  match: RouteMatch,
  accountId: string,
): HttpEvent['requestContext'] {
  const now = new Date();
  return {
    accountId,
    apiId: 'local',
    domainName: message.headers.host ?? '',
    domainPrefix: 'local',
    http: {
      method: message.method ?? '',
      path: decodeURIComponent(path),
      protocol: `HTTP/${message.httpVersion}`,
      sourceIp: message.socket.remoteAddress ?? '127.0.0.1',
      userAgent: message.headers['user-agent'] ?? '',
    },
    requestId: randomUUID(),
    routeKey: match.route.routeKey,
    stage: '$default',
    time: formatTime(now),
    timeEpoch: now.getTime(),
  };
}

/** Formats a time in the common log format: `12/Mar/2026:19:03:58 +0000`. */
function formatTime(now: Date): string {
  const [, day, month, year, time] = now.toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}

function toHeaders(message: IncomingMessage): Record<string, string> {
  const sent = Object.entries(message.headersDistinct)
    .filter(([name]) => !HOP_BY_HOP.has(name))
    .map(([name, values = []]) => [name, values.join(',')]);
  const { localPort, remoteAddress } = message.socket;
  return {
    ...Object.fromEntries(sent),
    'x-forwarded-for': remoteAddress ?? '127.0.0.1',
    'x-forwarded-port': String(localPort),
    'x-forwarded-proto': 'http',
  };
}

function parseQuery(query: string): Record<string, string> | undefined {
  if (query === '') return undefined;
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query)) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries([...values].map(([name, all]) => [name, all.join(',')]));
}

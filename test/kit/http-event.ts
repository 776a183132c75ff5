import type { HttpHandler } from '../../src/functions/runtime/http.ts';

type Event = Parameters<HttpHandler>[0];

/** The parts of a request that a test sets. The rest is as API Gateway fills it. */
export type RequestParts = Partial<
  Pick<
    Event,
    'body' | 'isBase64Encoded' | 'headers' | 'pathParameters' | 'queryStringParameters' | 'rawPath' | 'rawQueryString'
  >
>;

/** The event that an HTTP API sends to a function for a request. */
export const httpEvent = (parts: RequestParts = {}): Event => ({
  version: '2.0',
  routeKey: '$default',
  rawPath: '/tasks',
  rawQueryString: '',
  headers: {},
  isBase64Encoded: false,
  requestContext: {
    accountId: '000000000000',
    apiId: 'api',
    domainName: 'localhost',
    domainPrefix: 'localhost',
    http: { method: 'GET', path: '/tasks', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
    requestId: 'request-1',
    routeKey: '$default',
    stage: '$default',
    time: '31/Jan/2026:08:00:00 +0000',
    timeEpoch: Date.UTC(2026, 0, 31, 8),
  },
  ...parts,
});

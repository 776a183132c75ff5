import type { IncomingMessage, Server } from 'node:http';

/** A request as its client sent and signed it. */
interface Sent {
  readonly url: string;
  readonly host: string;
}

const LOCAL_NAME = /^([a-z0-9.-]+)\.localhost(:\d{1,5})?$/i;
const SERVICE_NAME = /(?:^|\.)s3(?:[.-][a-z0-9-]+)?$/;

const sent = new WeakMap<IncomingMessage, Sent>();

/**
 * Moves the bucket from the name of the host, `BUCKET.localhost` or `BUCKET.s3.localhost`, to the path. fauxqs does so
 * only for some content types: a PUT as `application/x-www-form-urlencoded` would create a bucket with the name of the
 * key.
 */
export function moveBucketsToPaths(server: Server): void {
  server.prependListener('request', (request: IncomingMessage) => {
    const { url = '/', method, headers } = request;
    const [, name, port = ''] = LOCAL_NAME.exec(headers.host ?? '') ?? [];
    // SQS and SNS are called at the root, under any name.
    if (name === undefined || (method === 'POST' && url === '/')) return;
    sent.set(request, { url, host: String(headers.host) });
    const bucket = name.toLowerCase().replace(SERVICE_NAME, '');
    request.url = bucket === '' ? url : `/${bucket}${url}`;
    headers.host = `localhost${port}`;
  });
}

/** Returns the URL and headers that the client signed. */
export function toSentRequest<Request extends { readonly url: string; readonly headers: IncomingMessage['headers'] }>(
  request: Request,
  raw: IncomingMessage,
): Pick<Request, 'url' | 'headers'> {
  const { url = request.url, host = request.headers.host } = sent.get(raw) ?? {};
  return { url, headers: { ...request.headers, host } };
}

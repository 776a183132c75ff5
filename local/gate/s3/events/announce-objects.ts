import { toOperation, type FauxqsApp, type FauxqsRequest, isS3, toS3Request } from '../../call/fauxqs-call.ts';
import type { CreatedObject } from './object-event.ts';
import type { ObjectNotifications } from './object-notifications.ts';

type Route = Parameters<FauxqsApp['route']>[0];

/** The name that an event has for the creation of an object, by the operation. */
const CREATORS: Readonly<Record<string, string>> = {
  PutObject: 'Put',
  CopyObject: 'Copy',
  CompleteMultipartUpload: 'CompleteMultipartUpload',
};

/**
 * Sends the events of a new object before the response to its upload, so that a caller with a response can rely on
 * them. If they cannot be sent, the upload fails. This wraps the handler and is not an `onSend` hook: the handlers of
 * fauxqs resolve to nothing, and while such a hook waits, Fastify takes that for another response and sends twice.
 */
export function announceObjects(app: FauxqsApp, route: Route, notifications: ObjectNotifications): void {
  const { handler } = route;
  route.handler = async function announce(request, reply) {
    const created = toCreatedObject(request);
    if (!created || !notifications.hasRuleFor(created.bucket, created.key))
      return await handler.call(this, request, reply);
    const send = reply.send.bind(reply);
    let body: unknown;
    reply.send = (payload?: unknown) => {
      body = payload;
      return reply;
    };
    try {
      await handler.call(this, request, reply);
    } finally {
      reply.send = send;
    }
    if (reply.statusCode === 200) notifications.announce({ ...created, ...(await readSizeAndTag(app, request)) });
    return send(body);
  };
}

function toCreatedObject(request: FauxqsRequest): Omit<CreatedObject, 'size' | 'eTag'> | undefined {
  if (!isS3(request)) return undefined;
  const how = CREATORS[toOperation(request).operation];
  const { bucket, key } = toS3Request(request);
  return how === undefined ? undefined : { bucket, key, how };
}

async function readSizeAndTag(app: FauxqsApp, { url, host }: { url: string; host: string }) {
  const authorization = 'AWS4-HMAC-SHA256 Credential=s3.amazonaws.com/local';
  const path = url.split('?')[0] ?? url;
  const { headers } = await app.inject({ method: 'HEAD', url: path, headers: { host, authorization } });
  return { size: Number(headers['content-length']), eTag: String(headers['etag']).replaceAll('"', '') };
}

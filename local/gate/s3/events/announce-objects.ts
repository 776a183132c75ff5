import { calledOperation, type FauxqsApp, type FauxqsRequest, isS3, s3Request } from '../../call/fauxqs-call.ts';
import type { CreatedObject } from './object-event.ts';
import type { ObjectNotifications } from './object-notifications.ts';

type Route = Parameters<FauxqsApp['route']>[0];

/** What an event calls the creation of an object by an operation. */
const CREATORS: Readonly<Record<string, string>> = {
  PutObject: 'Put',
  CopyObject: 'Copy',
  CompleteMultipartUpload: 'CompleteMultipartUpload',
};

/**
 * Sends the events of a new object before its upload is answered, so that who was told "stored" can count on them; if
 * they can't be sent, the upload fails. This goes around the handler, not into an `onSend` hook: fauxqs' handlers
 * resolve to nothing, and while such a hook waits Fastify takes that for an answer of its own and sends twice.
 */
export function announceObjects(app: FauxqsApp, route: Route, notifications: ObjectNotifications): void {
  const { handler } = route;
  route.handler = async function announce(request, reply) {
    const created = createdObject(request);
    if (!created || !notifications.concerns(created.bucket, created.key))
      return await handler.call(this, request, reply);
    const send = reply.send.bind(reply);
    let answer: unknown;
    reply.send = (payload?: unknown) => {
      answer = payload;
      return reply;
    };
    try {
      await handler.call(this, request, reply);
    } finally {
      reply.send = send;
    }
    if (reply.statusCode === 200) notifications.announce({ ...created, ...(await sizeAndTag(app, request)) });
    return send(answer);
  };
}

function createdObject(request: FauxqsRequest): Omit<CreatedObject, 'size' | 'eTag'> | undefined {
  if (!isS3(request)) return undefined;
  const how = CREATORS[calledOperation(request).operation];
  const { bucket, key } = s3Request(request);
  return how === undefined ? undefined : { bucket, key, how };
}

async function sizeAndTag(app: FauxqsApp, { url, host }: { url: string; host: string }) {
  const authorization = 'AWS4-HMAC-SHA256 Credential=s3.amazonaws.com/local';
  const path = url.split('?')[0] ?? url;
  const { headers } = await app.inject({ method: 'HEAD', url: path, headers: { host, authorization } });
  return { size: Number(headers['content-length']), eTag: String(headers['etag']).replaceAll('"', '') };
}

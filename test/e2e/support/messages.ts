import { randomUUID } from 'node:crypto';

/** The event that Lambda sends to a queue subscriber. Each body is one message. */
export const sqsEvent = (bodies: readonly unknown[], receiveCount = 1) => ({
  Records: bodies.map((body) => ({
    messageId: randomUUID(),
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: { ApproximateReceiveCount: String(receiveCount) },
  })),
});

export interface StoredObject {
  readonly key: string;
  readonly eTag: string;
  readonly size: number;
  /** The version, in a bucket that keeps versions. */
  readonly versionId?: string;
}

/** The event that S3 sends for new objects. One message may have several. */
export const s3Event = (bucket: string, ...objects: readonly StoredObject[]) => ({
  Records: objects.map(({ key, ...object }) => ({
    eventSource: 'aws:s3',
    eventName: 'ObjectCreated:Put',
    s3: { bucket: { name: bucket }, object: { key: formEncode(key), ...object } },
  })),
});

/** The message that S3 sends once when a notification is set up. */
export const s3TestEvent = (bucket: string) => ({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: bucket });

/** Encodes a key as S3 does in events: form-URL-encoded, but with slashes unchanged. */
const formEncode = (key: string): string =>
  new URLSearchParams({ key }).toString().slice('key='.length).replaceAll('%2F', '/');

/** The response of a subscriber that has handled every message. */
export const ALL_DONE = { batchItemFailures: [] };

import { randomUUID } from 'node:crypto';

/** What Lambda hands a queue subscriber: each body is a message by itself. */
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
  /** Of a bucket that keeps versions. */
  readonly versionId?: string;
}

/** What S3 tells of new objects; one message may tell of several. */
export const s3Event = (bucket: string, ...objects: readonly StoredObject[]) => ({
  Records: objects.map(({ key, ...object }) => ({
    eventSource: 'aws:s3',
    eventName: 'ObjectCreated:Put',
    s3: { bucket: { name: bucket }, object: { key: formEncoded(key), ...object } },
  })),
});

/** The message that S3 sends once when a notification is set up. */
export const s3TestEvent = (bucket: string) => ({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: bucket });

/** Keys come form-URL-toJsonText, slashes as they are. */
const formEncoded = (key: string): string =>
  new URLSearchParams({ key }).toString().slice('key='.length).replaceAll('%2F', '/');

/** What a subscriber answers if every message is done. */
export const ALL_DONE = { batchItemFailures: [] };

import { randomUUID } from 'node:crypto';

export interface CreatedObject {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  readonly eTag: string;
  /** `Put`, `Copy` or `CompleteMultipartUpload`. */
  readonly how: string;
}

let events = 0;

/**
 * Returns the body of the message that S3 sends for a new object. It is ASCII only, because fauxqs refuses an emoji in
 * a message.
 */
export function toObjectEvent(object: CreatedObject, configurationId: string, region: string): string {
  const bucket = { name: object.bucket, ownerIdentity: { principalId: 'LOCAL' }, arn: `arn:aws:s3:::${object.bucket}` };
  const { size, eTag } = object;
  return toAsciiJson({
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: region,
        eventTime: new Date().toISOString(),
        eventName: `ObjectCreated:${object.how}`,
        userIdentity: { principalId: 'LOCAL' },
        requestParameters: { sourceIPAddress: '127.0.0.1' },
        responseElements: { 'x-amz-request-id': newRequestId(), 'x-amz-id-2': 'LOCAL' },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId,
          bucket,
          object: { key: encodeKey(object.key), size, eTag, sequencer: nextSequencer() },
        },
      },
    ],
  });
}

/** Returns the message that S3 sends once to each queue of a new rule. */
export function toTestEvent(bucket: string): string {
  const Time = new Date().toISOString();
  const ids = { RequestId: newRequestId(), HostId: 'LOCAL' };
  return toAsciiJson({ Service: 'Amazon S3', Event: 's3:TestEvent', Time, Bucket: bucket, ...ids });
}

/** Encodes a key as events do: form-encoded except for slashes. A space becomes `+`, and a plus sign `%2B`. */
export function encodeKey(key: string): string {
  return key
    .split('/')
    .map((part) => new URLSearchParams([['', part]]).toString().slice(1))
    .join('/');
}

const newRequestId = (): string => randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase();

/** Returns a text that is greater for a later event, also after a restart. */
const nextSequencer = (): string =>
  (Date.now().toString(16).padStart(12, '0') + (events++ % 0x10000).toString(16).padStart(4, '0')).toUpperCase();

function toAsciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

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

/** The body of the message that S3 sends for a new object. All of it is ASCII: fauxqs refuses an emoji in a message. */
export function objectCreatedEvent(object: CreatedObject, configurationId: string, region: string): string {
  const bucket = { name: object.bucket, ownerIdentity: { principalId: 'LOCAL' }, arn: `arn:aws:s3:::${object.bucket}` };
  const { size, eTag } = object;
  return asciiJson({
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: region,
        eventTime: new Date().toISOString(),
        eventName: `ObjectCreated:${object.how}`,
        userIdentity: { principalId: 'LOCAL' },
        requestParameters: { sourceIPAddress: '127.0.0.1' },
        responseElements: { 'x-amz-request-id': requestId(), 'x-amz-id-2': 'LOCAL' },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId,
          bucket,
          object: { key: eventKey(object.key), size, eTag, sequencer: sequencer() },
        },
      },
    ],
  });
}

/** What S3 sends once to a queue that it is told to announce objects to. */
export function testEvent(bucket: string): string {
  const Time = new Date().toISOString();
  const ids = { RequestId: requestId(), HostId: 'LOCAL' };
  return asciiJson({ Service: 'Amazon S3', Event: 's3:TestEvent', Time, Bucket: bucket, ...ids });
}

/** Keys travel form-toJsonText in events, slashes apart: a space is `+`, and a plus sign is `%2B`. */
export function eventKey(key: string): string {
  return key
    .split('/')
    .map((part) => new URLSearchParams([['', part]]).toString().slice(1))
    .join('/');
}

const requestId = (): string => randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase();

/** Greater for a later event, as text, also over a restart. */
const sequencer = (): string =>
  (Date.now().toString(16).padStart(12, '0') + (events++ % 0x10000).toString(16).padStart(4, '0')).toUpperCase();

function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

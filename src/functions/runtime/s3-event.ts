import { UPLOADS_PREFIX, type ContinuationMessage, type UploadMessage } from '../../contract/index.ts';
import type { ReceivedObject } from '../../engine/index.ts';

/**
 * The objects that an event tells of. Keys are form-URL-toJsonText: a space is a plus sign. The test event that S3
 * sends once, and events of other kinds, tell of none. The id of a version, which a bucket that keeps versions tells,
 * is left out: no listing shows it, and the sweep must come to the same job as the event.
 */
export function createdObjects(event: Exclude<UploadMessage, ContinuationMessage>): readonly ReceivedObject[] {
  if (!('Records' in event)) return [];
  return event.Records.filter(({ eventName }) => eventName.startsWith('ObjectCreated:'))
    .map(({ s3: { bucket, object } }) => ({
      bucket: bucket.name,
      key: decodeURIComponent(object.key.replaceAll('+', ' ')),
      etag: object.eTag ?? '',
      bytes: object.size ?? 0,
    }))
    .filter(({ key }) => key.startsWith(UPLOADS_PREFIX) && !key.endsWith('/'));
}

import { UPLOADS_PREFIX, type ContinuationMessage, type UploadMessage } from '../../contract/index.ts';
import type { ReceivedObject } from '../../engine/index.ts';

/**
 * Reads the objects that an event announces. Keys are encoded as in a form: a space is a plus sign. The test event that
 * S3 sends once and events of other kinds announce none. The version id of a bucket with versions is left out: a
 * listing does not show it, and the sweep must find the same job as the event.
 */
export function readCreatedObjects(event: Exclude<UploadMessage, ContinuationMessage>): readonly ReceivedObject[] {
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

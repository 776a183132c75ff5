import { type FauxqsRequest, s3Request } from '../call/fauxqs-call.ts';
import type { ObjectStore } from './object-store.ts';
import { notImplemented } from './refusal.ts';
import { sendXml, element, malformed, requestXml, type Xml } from './xml.ts';

/** What S3 deletes at once. */
const KEYS_MAX = 1_000;

/** Conditions and versions, which the local S3 has not. */
const CONDITIONS = ['VersionId', 'ETag', 'LastModifiedTime', 'Size'] as const;

/** Deletes the objects that the request names; fauxqs reads some ways to write a key as another key. */
export function deleteObjects(request: FauxqsRequest, store: ObjectStore): string {
  const { bucket } = s3Request(request);
  const list = requestXml(request.body as Buffer, 'Delete');
  const keys = list.all('Object').map(keyOf);
  if (keys.length === 0 || keys.length > KEYS_MAX)
    throw malformed(`it names ${keys.length} keys, not 1 to ${KEYS_MAX}`);
  for (const key of keys) store.deleteObject(bucket, key);
  const isQuiet = list.textOf('Quiet')?.trim() === 'true';
  return sendXml('DeleteResult', ...(isQuiet ? [] : keys.map((key) => `<Deleted>${element('Key', key)}</Deleted>`)));
}

function keyOf(object: Xml): string {
  const condition = CONDITIONS.find((name) => object.textOf(name) !== undefined);
  if (condition !== undefined)
    throw notImplemented(`The local S3 deletes by the key alone; ${condition} is given, too.`);
  const key = object.textOf('Key');
  if (key === undefined || key === '') throw malformed('an Object has no Key');
  return key;
}

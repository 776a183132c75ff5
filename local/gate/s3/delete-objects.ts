import { type FauxqsRequest, toS3Request } from '../call/fauxqs-call.ts';
import type { ObjectStore } from './object-store.ts';
import { notImplemented } from './refusal.ts';
import { toXml, element, malformed, readXml, type Xml } from './xml.ts';

/** The most keys that S3 deletes in one request. */
const KEYS_MAX = 1_000;

/** Conditions and versions, which the local S3 does not support. */
const CONDITIONS = ['VersionId', 'ETag', 'LastModifiedTime', 'Size'] as const;

/** Deletes the objects that the request names. fauxqs misreads some spellings of a key as another key. */
export function deleteObjects(request: FauxqsRequest, store: ObjectStore): string {
  const { bucket } = toS3Request(request);
  const list = readXml(request.body as Buffer, 'Delete');
  const keys = list.all('Object').map(readKey);
  if (keys.length === 0 || keys.length > KEYS_MAX)
    throw malformed(`it names ${keys.length} keys, not 1 to ${KEYS_MAX}`);
  for (const key of keys) store.deleteObject(bucket, key);
  const isQuiet = list.textOf('Quiet')?.trim() === 'true';
  return toXml('DeleteResult', ...(isQuiet ? [] : keys.map((key) => `<Deleted>${element('Key', key)}</Deleted>`)));
}

function readKey(object: Xml): string {
  const condition = CONDITIONS.find((name) => object.textOf(name) !== undefined);
  if (condition !== undefined)
    throw notImplemented(`The local S3 deletes by the key alone, and ${condition} is given too. Leave it out.`);
  const key = object.textOf('Key');
  if (key === undefined || key === '') throw malformed('an Object has no Key');
  return key;
}

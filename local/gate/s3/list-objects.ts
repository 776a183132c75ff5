import { ACCOUNT_ID } from '../../account.ts';
import { type FauxqsRequest, toS3Request } from '../call/fauxqs-call.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import { S3Refusal } from './refusal.ts';
import { toXml, element } from './xml.ts';

/** The most entries that S3 lists in one response. */
const PAGE_MAX = 1_000;

/** A page of a listing, as both versions of the operation return it. */
interface Page {
  /** Makes an element of the listing, with its text encoded as the client requested. */
  readonly key: (name: string, value: string | undefined) => string;
  readonly xml: string;
  readonly count: number;
  /** The last key or common prefix; undefined on the last page. */
  readonly last: string | undefined;
}

/**
 * Lists objects. fauxqs ignores `encoding-type=url`, writes control characters as they are, and returns a cursor that
 * repeats a common prefix at the end of a page.
 */
export function listObjects(request: FauxqsRequest, store: ObjectStore): string {
  const marker = readParameter(request, 'marker') ?? '';
  const page = readPage(request, store, marker, true);
  return toXml('ListBucketResult', page.key('Marker', marker), page.key('NextMarker', page.last), page.xml);
}

export function listObjectsV2(request: FauxqsRequest, store: ObjectStore): string {
  const token = readParameter(request, 'continuation-token');
  const startAfter = readParameter(request, 'start-after');
  const after = token === undefined ? (startAfter ?? '') : decodeToken(token);
  const page = readPage(request, store, after, readParameter(request, 'fetch-owner') === 'true');
  return toXml(
    'ListBucketResult',
    element('KeyCount', page.count),
    element('ContinuationToken', token),
    element('NextContinuationToken', page.last === undefined ? undefined : encodeToken(page.last)),
    page.key('StartAfter', startAfter),
    page.xml,
  );
}

function readPage(request: FauxqsRequest, store: ObjectStore, startAfter: string, withOwner: boolean): Page {
  const { bucket } = toS3Request(request);
  const key = toKeyElement(readParameter(request, 'encoding-type'));
  const prefix = readParameter(request, 'prefix') ?? '';
  const delimiter = readParameter(request, 'delimiter') || undefined;
  const maxKeys = readMaxKeys(readParameter(request, 'max-keys'));
  const found = store.listObjects(bucket, { prefix, delimiter, maxKeys: Math.max(1, maxKeys), startAfter });
  const objects = maxKeys === 0 ? [] : found.objects;
  const prefixes = maxKeys === 0 ? [] : found.commonPrefixes;
  const isTruncated = found.isTruncated && maxKeys > 0;
  const xml = [
    element('Name', bucket) + key('Prefix', prefix) + key('Delimiter', delimiter) + element('MaxKeys', maxKeys),
    element('EncodingType', readParameter(request, 'encoding-type')) + element('IsTruncated', isTruncated),
    ...objects.map((object) => `<Contents>${key('Key', object.key)}${toContent(object, withOwner)}</Contents>`),
    ...prefixes.map((one) => `<CommonPrefixes>${key('Prefix', one)}</CommonPrefixes>`),
  ].join('');
  const last = [objects.at(-1)?.key ?? '', prefixes.at(-1) ?? ''].toSorted().at(-1);
  return { key, xml, count: objects.length + prefixes.length, last: isTruncated ? last : undefined };
}

function toContent({ etag, contentLength, lastModified }: StoredObject, withOwner: boolean): string {
  const owner = withOwner ? `<Owner>${element('ID', ACCOUNT_ID)}</Owner>` : '';
  return (
    element('LastModified', lastModified.toISOString()) +
    element('ETag', etag) +
    element('Size', contentLength) +
    owner +
    element('StorageClass', 'STANDARD')
  );
}

function toKeyElement(encoding: string | undefined): Page['key'] {
  if (encoding === undefined) return element;
  if (encoding !== 'url') throw invalid(`encoding-type is ${encoding}. Allowed: url. It may be left out`);
  return (name, value) => element(name, value && encodeURIComponent(value).replaceAll('%2F', '/'));
}

function readMaxKeys(given: string | undefined): number {
  const number = Number(given ?? PAGE_MAX);
  if (!Number.isInteger(number) || number < 0) throw invalid(`max-keys is ${given}. Allowed: a whole number from 0 on`);
  return Math.min(number, PAGE_MAX);
}

const encodeToken = (key: string): string => Buffer.from(key).toString('base64');

function decodeToken(token: string): string {
  const key = Buffer.from(token, 'base64').toString();
  if (token !== '' && encodeToken(key) === token) return key;
  throw invalid('The continuation token provided is incorrect');
}

function readParameter(request: FauxqsRequest, name: string): string | undefined {
  const value = toS3Request(request).query[name];
  return value === undefined ? undefined : String(value);
}

const invalid = (what: string): S3Refusal => new S3Refusal(400, 'InvalidArgument', `${what}.`);

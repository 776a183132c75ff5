import { ACCOUNT_ID } from '../../account.ts';
import { type FauxqsRequest, s3Request } from '../call/fauxqs-call.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import { S3Refusal } from './refusal.ts';
import { sendXml, element } from './xml.ts';

/** What S3 lists at once. */
const PAGE_MAX = 1_000;

/** A page of a listing, as either version of the operation answers it. */
interface Page {
  /** The name of a listing's element with its text, toJsonText as the client wants keys. */
  readonly key: (name: string, value: string | undefined) => string;
  readonly xml: string;
  readonly count: number;
  /** The last key or common prefix of a page that is not the last one. */
  readonly last: string | undefined;
}

/**
 * Lists objects. fauxqs overlooks `encoding-type=url`, writes control characters as they are, and gives a page that
 * ends in a common prefix a place to go on from that repeats it.
 */
export function listObjects(request: FauxqsRequest, store: ObjectStore): string {
  const marker = parameter(request, 'marker') ?? '';
  const page = pageOf(request, store, marker, true);
  return sendXml('ListBucketResult', page.key('Marker', marker), page.key('NextMarker', page.last), page.xml);
}

export function listObjectsV2(request: FauxqsRequest, store: ObjectStore): string {
  const token = parameter(request, 'continuation-token');
  const startAfter = parameter(request, 'start-after');
  const after = token === undefined ? (startAfter ?? '') : placeOf(token);
  const page = pageOf(request, store, after, parameter(request, 'fetch-owner') === 'true');
  return sendXml(
    'ListBucketResult',
    element('KeyCount', page.count),
    element('ContinuationToken', token),
    element('NextContinuationToken', page.last === undefined ? undefined : tokenOf(page.last)),
    page.key('StartAfter', startAfter),
    page.xml,
  );
}

function pageOf(request: FauxqsRequest, store: ObjectStore, startAfter: string, withOwner: boolean): Page {
  const { bucket } = s3Request(request);
  const key = keyElement(parameter(request, 'encoding-type'));
  const prefix = parameter(request, 'prefix') ?? '';
  const delimiter = parameter(request, 'delimiter') || undefined;
  const maxKeys = maxKeysOf(parameter(request, 'max-keys'));
  const found = store.listObjects(bucket, { prefix, delimiter, maxKeys: Math.max(1, maxKeys), startAfter });
  const objects = maxKeys === 0 ? [] : found.objects;
  const prefixes = maxKeys === 0 ? [] : found.commonPrefixes;
  const isTruncated = found.isTruncated && maxKeys > 0;
  const xml = [
    element('Name', bucket) + key('Prefix', prefix) + key('Delimiter', delimiter) + element('MaxKeys', maxKeys),
    element('EncodingType', parameter(request, 'encoding-type')) + element('IsTruncated', isTruncated),
    ...objects.map((object) => `<Contents>${key('Key', object.key)}${contentOf(object, withOwner)}</Contents>`),
    ...prefixes.map((one) => `<CommonPrefixes>${key('Prefix', one)}</CommonPrefixes>`),
  ].join('');
  const last = [objects.at(-1)?.key ?? '', prefixes.at(-1) ?? ''].toSorted().at(-1);
  return { key, xml, count: objects.length + prefixes.length, last: isTruncated ? last : undefined };
}

function contentOf({ etag, contentLength, lastModified }: StoredObject, withOwner: boolean): string {
  const owner = withOwner ? `<Owner>${element('ID', ACCOUNT_ID)}</Owner>` : '';
  return (
    element('LastModified', lastModified.toISOString()) +
    element('ETag', etag) +
    element('Size', contentLength) +
    owner +
    element('StorageClass', 'STANDARD')
  );
}

function keyElement(encoding: string | undefined): Page['key'] {
  if (encoding === undefined) return element;
  if (encoding !== 'url') throw invalid(`encoding-type is url or left out; it is ${encoding}`);
  return (name, value) => element(name, value && encodeURIComponent(value).replaceAll('%2F', '/'));
}

function maxKeysOf(given: string | undefined): number {
  const number = Number(given ?? PAGE_MAX);
  if (!Number.isInteger(number) || number < 0) throw invalid(`max-keys is a whole number from 0 on; it is ${given}`);
  return Math.min(number, PAGE_MAX);
}

const tokenOf = (place: string): string => Buffer.from(place).toString('base64');

function placeOf(token: string): string {
  const place = Buffer.from(token, 'base64').toString();
  if (token !== '' && tokenOf(place) === token) return place;
  throw invalid('The continuation token provided is incorrect');
}

function parameter(request: FauxqsRequest, name: string): string | undefined {
  const value = s3Request(request).query[name];
  return value === undefined ? undefined : String(value);
}

const invalid = (what: string): S3Refusal => new S3Refusal(400, 'InvalidArgument', `${what}.`);

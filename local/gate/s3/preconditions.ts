import type { IncomingHttpHeaders } from 'node:http';
import { toOperation, type FauxqsApp, type FauxqsRequest, isS3, toS3Request } from '../call/fauxqs-call.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import { notImplemented, S3Refusal } from './refusal.ts';

type Route = Parameters<FauxqsApp['route']>[0];

const WRITES = new Set(['PutObject', 'CopyObject', 'CompleteMultipartUpload', 'DeleteObject']);
const COPIES = new Set(['CopyObject', 'UploadPartCopy']);

/**
 * Checks the preconditions of writes, which fauxqs ignores. `If-None-Match: *` refuses to replace an object, and
 * `If-Match` requires an ETag. Check and write run without a pause, so of two writers at once one is refused.
 */
export function checkPreconditions(route: Route, store: () => ObjectStore | undefined): void {
  const { handler } = route;
  route.handler = function checkFirst(request, reply) {
    if (isS3(request)) check(request, store());
    return handler.call(this, request, reply);
  };
}

function check(request: FauxqsRequest, store: ObjectStore | undefined): void {
  const { operation } = toOperation(request);
  const { bucket, key, headers } = toS3Request(request);
  if (WRITES.has(operation)) checkTarget(store?.buckets.get(bucket)?.get(key), headers);
  if (COPIES.has(operation)) checkSource(findSource(headers, store), headers);
}

function checkTarget(existing: StoredObject | undefined, headers: IncomingHttpHeaders): void {
  const { 'if-none-match': ifNoneMatch, 'if-match': ifMatch } = headers;
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw notImplemented(`If-None-Match is ${ifNoneMatch}. The local S3 supports only * for a write.`);
  }
  if (ifNoneMatch !== undefined && existing) throw preconditionFailed('If-None-Match is *, and the object exists');
  if (ifMatch === undefined) return;
  if (!existing) throw new S3Refusal(404, 'NoSuchKey', 'If-Match names an ETag, and the object does not exist.');
  if (!isOneOf(ifMatch, existing)) throw preconditionFailed(`If-Match is ${ifMatch}, and the ETag is ${existing.etag}`);
}

/** fauxqs reports a source that does not exist. */
function checkSource(source: StoredObject | undefined, headers: IncomingHttpHeaders): void {
  if (!source) return;
  const header = (name: string): string | undefined => headers[`x-amz-copy-source-${name}`]?.toString();
  const [match, noneMatch] = [header('if-match'), header('if-none-match')];
  // A condition on the ETag overrides the one on the time.
  const isOther =
    match === undefined ? changedAt(source) > parseTime(header('if-unmodified-since')) : !isOneOf(match, source);
  const isSame =
    noneMatch === undefined ? changedAt(source) <= parseTime(header('if-modified-since')) : isOneOf(noneMatch, source);
  if (!isOther && !isSame) return;
  throw preconditionFailed(
    `the source has the ETag ${source.etag} and was changed at ${source.lastModified.toUTCString()}`,
  );
}

/** Returns the time in whole seconds, as HTTP has it. */
const changedAt = ({ lastModified }: StoredObject): number => Math.floor(lastModified.getTime() / 1_000) * 1_000;

/** Returns NaN, for which no comparison is true, if the time is absent or invalid. */
const parseTime = (stated: string | undefined): number => Date.parse(stated ?? '');

function findSource(headers: IncomingHttpHeaders, store: ObjectStore | undefined): StoredObject | undefined {
  const [bucket = '', ...key] = decodeURIComponent(String(headers['x-amz-copy-source'])).replace(/^\//, '').split('/');
  return store?.buckets.get(bucket)?.get(key.join('/'));
}

const isOneOf = (stated: string, { etag }: StoredObject): boolean =>
  stated.split(',').some((one) => one.trim() === '*' || one.trim().replaceAll('"', '') === etag.replaceAll('"', ''));

const preconditionFailed = (why: string): S3Refusal =>
  new S3Refusal(412, 'PreconditionFailed', `At least one of the pre-conditions you specified did not hold: ${why}.`);

import type { IncomingHttpHeaders } from 'node:http';
import { calledOperation, type FauxqsApp, type FauxqsRequest, isS3, s3Request } from '../call/fauxqs-call.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import { notImplemented, S3Refusal } from './refusal.ts';

type Route = Parameters<FauxqsApp['route']>[0];

const WRITES = new Set(['PutObject', 'CopyObject', 'CompleteMultipartUpload', 'DeleteObject']);
const COPIES = new Set(['CopyObject', 'UploadPartCopy']);

/**
 * Holds writes against their preconditions, which fauxqs overlooks: `If-None-Match: *` keeps what is there, `If-Match`
 * wants it as it was. Nothing comes between the look and the write, so of two writers at once one is refused.
 */
export function holdPreconditions(route: Route, store: () => ObjectStore | undefined): void {
  const { handler } = route;
  route.handler = function hold(request, reply) {
    if (isS3(request)) check(request, store());
    return handler.call(this, request, reply);
  };
}

function check(request: FauxqsRequest, store: ObjectStore | undefined): void {
  const { operation } = calledOperation(request);
  const { bucket, key, headers } = s3Request(request);
  if (WRITES.has(operation)) checkTarget(store?.buckets.get(bucket)?.get(key), headers);
  if (COPIES.has(operation)) checkSource(sourceOf(headers, store), headers);
}

function checkTarget(there: StoredObject | undefined, headers: IncomingHttpHeaders): void {
  const { 'if-none-match': unlessThere, 'if-match': ifThere } = headers;
  if (unlessThere !== undefined && unlessThere !== '*') {
    throw notImplemented(`If-None-Match of a write is *, or it is not implemented; it is ${unlessThere}.`);
  }
  if (unlessThere !== undefined && there) throw failed('If-None-Match is *, and the object is there already');
  if (ifThere === undefined) return;
  if (!there) throw new S3Refusal(404, 'NoSuchKey', 'If-Match names an ETag, and the object does not exist.');
  if (!isOneOf(ifThere, there)) throw failed(`If-Match is ${ifThere}, and the ETag is ${there.etag}`);
}

/** A source that is not there is told by fauxqs. */
function checkSource(source: StoredObject | undefined, headers: IncomingHttpHeaders): void {
  if (!source) return;
  const header = (name: string): string | undefined => headers[`x-amz-copy-source-${name}`]?.toString();
  const [match, noneMatch] = [header('if-match'), header('if-none-match')];
  // A condition on the ETag makes that on the time void.
  const isOther =
    match === undefined ? changedAt(source) > timeOf(header('if-unmodified-since')) : !isOneOf(match, source);
  const isSame =
    noneMatch === undefined ? changedAt(source) <= timeOf(header('if-modified-since')) : isOneOf(noneMatch, source);
  if (!isOther && !isSame) return;
  throw failed(`the source has the ETag ${source.etag} and was changed at ${source.lastModified.toUTCString()}`);
}

/** HTTP tells of seconds. */
const changedAt = ({ lastModified }: StoredObject): number => Math.floor(lastModified.getTime() / 1_000) * 1_000;

/** NaN, to which no comparison holds, for a time that is not given or is none. */
const timeOf = (stated: string | undefined): number => Date.parse(stated ?? '');

function sourceOf(headers: IncomingHttpHeaders, store: ObjectStore | undefined): StoredObject | undefined {
  const [bucket = '', ...key] = decodeURIComponent(String(headers['x-amz-copy-source'])).replace(/^\//, '').split('/');
  return store?.buckets.get(bucket)?.get(key.join('/'));
}

const isOneOf = (stated: string, { etag }: StoredObject): boolean =>
  stated.split(',').some((one) => one.trim() === '*' || one.trim().replaceAll('"', '') === etag.replaceAll('"', ''));

const failed = (why: string): S3Refusal =>
  new S3Refusal(412, 'PreconditionFailed', `At least one of the pre-conditions you specified did not hold: ${why}.`);

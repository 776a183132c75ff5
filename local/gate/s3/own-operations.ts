import { deleteObjects } from './delete-objects.ts';
import { toOperation, type FauxqsApp, type FauxqsRequest, isS3, toS3Request } from '../call/fauxqs-call.ts';
import { listObjects, listObjectsV2 } from './list-objects.ts';
import { sizeOf, findUpload } from './multipart.ts';
import type { ObjectStore, StoredPart } from './object-store.ts';
import { S3Refusal } from './refusal.ts';
import { toXml, element } from './xml.ts';

type Route = Parameters<FauxqsApp['route']>[0];

/**
 * Returns the response to an operation on a bucket that exists.
 *
 * @throws S3Refusal
 */
type Operation = (request: FauxqsRequest, store: ObjectStore) => string;

/** The most parts or uploads that S3 lists in one response. */
const PAGE_MAX = 1_000;

/** The operations that fauxqs lacks, or does differently from S3. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  DeleteObjects: deleteObjects,
  // S3 gives us-east-1 no name.
  GetBucketLocation: () => toXml('LocationConstraint'),
  GetBucketVersioning: () => toXml('VersioningConfiguration'),
  GetObjectTagging: getTags,
  ListMultipartUploads: listUploads,
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
  ListParts: listParts,
};

export function serveOwnOperations(route: Route, store: () => ObjectStore | undefined): void {
  const { handler } = route;
  route.handler = async function serveOwn(request, reply) {
    const own = isS3(request) ? OPERATIONS[toOperation(request).operation] : undefined;
    const found = store();
    if (!own || !found?.buckets.has(toS3Request(request).bucket)) return await handler.call(this, request, reply);
    return reply.type('application/xml').send(own(request, found));
  };
}

/** Returns no tags: requests to set tags are refused, so no object has any. */
function getTags(request: FauxqsRequest, { buckets }: ObjectStore): string {
  const { bucket, key } = toS3Request(request);
  if (!buckets.get(bucket)?.has(key)) throw new S3Refusal(404, 'NoSuchKey', `The key ${key} does not exist.`);
  return toXml('Tagging', '<TagSet></TagSet>');
}

function listUploads(request: FauxqsRequest, { multipartUploads }: ObjectStore): string {
  const { bucket, query } = toS3Request(request);
  const prefix = String(query['prefix'] ?? '');
  const after = [String(query['key-marker'] ?? ''), String(query['upload-id-marker'] ?? '')] as const;
  const sortKey = (upload: { key: string; uploadId: string }): string => `${upload.key}\n${upload.uploadId}`;
  const isAfter = (upload: { key: string; uploadId: string }): boolean =>
    upload.key > after[0] || (upload.key === after[0] && after[1] !== '' && upload.uploadId > after[1]);
  const rest = [...multipartUploads.values()]
    .filter((upload) => upload.bucket === bucket && upload.key.startsWith(prefix) && isAfter(upload))
    .toSorted((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1));
  const page = rest.slice(0, PAGE_MAX);
  return toXml(
    'ListMultipartUploadsResult',
    element('Bucket', bucket) + element('KeyMarker', after[0]) + element('UploadIdMarker', after[1]),
    element('NextKeyMarker', page.at(-1)?.key) + element('NextUploadIdMarker', page.at(-1)?.uploadId),
    element('Prefix', prefix) + element('MaxUploads', PAGE_MAX) + element('IsTruncated', rest.length > page.length),
    ...page.map(({ key, uploadId, initiated }) => {
      const content = element('Key', key) + element('UploadId', uploadId) + element('StorageClass', 'STANDARD');
      return `<Upload>${content}${element('Initiated', initiated.toISOString())}</Upload>`;
    }),
  );
}

function listParts(request: FauxqsRequest, store: ObjectStore): string {
  const { query } = toS3Request(request);
  const { uploadId, bucket, key, parts } = findUpload(store, request);
  const after = Number(query['part-number-marker'] ?? 0);
  const rest = [...parts.values()]
    .filter(({ partNumber }) => partNumber > after)
    .toSorted((one, other) => one.partNumber - other.partNumber);
  const page = rest.slice(0, PAGE_MAX);
  return toXml(
    'ListPartsResult',
    element('Bucket', bucket) + element('Key', key) + element('UploadId', uploadId) + element('MaxParts', PAGE_MAX),
    element('PartNumberMarker', after) + element('NextPartNumberMarker', page.at(-1)?.partNumber ?? 0),
    element('IsTruncated', rest.length > page.length),
    ...page.map(toPartElement),
  );
}

function toPartElement(part: StoredPart): string {
  const content = element('PartNumber', part.partNumber) + element('ETag', part.etag) + element('Size', sizeOf(part));
  return `<Part>${content}${element('LastModified', part.lastModified.toISOString())}</Part>`;
}

import type { IncomingHttpHeaders } from 'node:http';

export interface S3Request {
  readonly method: string;
  readonly bucket: string;
  /** Empty for an operation on the bucket itself. */
  readonly key: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: IncomingHttpHeaders;
}

/**
 * Sub-resources that fauxqs does not know. It ignores them and does something else: `PUT ?tagging` would replace the
 * object with the XML of its tags, and `GET ?uploads` would list objects instead of uploads.
 */
const UNKNOWN_SUBRESOURCES = new Set([
  'accelerate',
  'acl',
  'analytics',
  'cors',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'logging',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'renameObject',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'session',
  'torrent',
  'versionId',
  'versions',
  'website',
]);

/** Sub-resources that can be read. A bucket here has none of them, so the response is empty. */
const READABLE_SUBRESOURCES: Readonly<
  Record<string, { readonly of: 'bucket' | 'object'; readonly operation: string }>
> = {
  location: { of: 'bucket', operation: 'GetBucketLocation' },
  versioning: { of: 'bucket', operation: 'GetBucketVersioning' },
  uploads: { of: 'bucket', operation: 'ListMultipartUploads' },
  tagging: { of: 'object', operation: 'GetObjectTagging' },
};

/** Returns the sub-resource of a request that the local cloud does not serve. */
export function findUnknownSubresource(request: S3Request): string | undefined {
  const names = Object.keys(request.query);
  const unknown = names.find((name) => UNKNOWN_SUBRESOURCES.has(name));
  if (unknown !== undefined || readingOperation(request) !== undefined) return unknown;
  const begins = request.method === 'POST' && request.key !== '';
  return names.find((name) => name in READABLE_SUBRESOURCES && !(name === 'uploads' && begins));
}

function readingOperation({ method, key, query }: S3Request): string | undefined {
  if (method !== 'GET') return undefined;
  const of = key ? 'object' : 'bucket';
  return Object.entries(READABLE_SUBRESOURCES).find(([name, one]) => name in query && one.of === of)?.[1].operation;
}

/** Returns the name of the S3 operation, as AWS spells it; `MethodNotAllowed` if the request is none. */
export function toS3Operation(request: S3Request): string {
  if (!request.bucket) return 'ListBuckets';
  return readingOperation(request) ?? (request.key ? objectOperation(request) : bucketOperation(request));
}

function bucketOperation({ method, query }: S3Request): string {
  if ('lifecycle' in query) return `${capitalize(method)}BucketLifecycleConfiguration`;
  if (method === 'POST') return 'delete' in query ? 'DeleteObjects' : 'PostObject';
  if (method === 'GET') return 'list-type' in query ? 'ListObjectsV2' : 'ListObjects';
  return { PUT: 'CreateBucket', HEAD: 'HeadBucket', DELETE: 'DeleteBucket' }[method] ?? 'MethodNotAllowed';
}

function objectOperation({ method, query, headers }: S3Request): string {
  if (method === 'PUT') return putOperation(query, headers);
  if (method === 'POST') return postOperation(query);
  if (method === 'GET') return getOperation(query);
  if (method === 'DELETE') return 'uploadId' in query ? 'AbortMultipartUpload' : 'DeleteObject';
  return method === 'HEAD' ? 'HeadObject' : 'MethodNotAllowed';
}

function postOperation(query: S3Request['query']): string {
  if ('uploads' in query) return 'CreateMultipartUpload';
  return 'uploadId' in query ? 'CompleteMultipartUpload' : 'MethodNotAllowed';
}

function getOperation(query: S3Request['query']): string {
  if ('uploadId' in query) return 'ListParts';
  return 'attributes' in query ? 'GetObjectAttributes' : 'GetObject';
}

function putOperation(query: S3Request['query'], headers: IncomingHttpHeaders): string {
  const copies = 'x-amz-copy-source' in headers;
  const isPart = 'partNumber' in query || 'uploadId' in query;
  if (isPart && !('partNumber' in query && 'uploadId' in query)) return 'MethodNotAllowed';
  if (isPart) return copies ? 'UploadPartCopy' : 'UploadPart';
  return copies ? 'CopyObject' : 'PutObject';
}

const capitalize = (method: string): string => method.charAt(0) + method.slice(1).toLowerCase();

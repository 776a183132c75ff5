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
 * Sub-resources that fauxqs does not know. It overlooks them and does something else: `PUT ?tagging` would replace the
 * object by the XML of its tags, `GET ?uploads` list the objects of a bucket in the place of its uploads.
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
  'location',
  'logging',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'tagging',
  'torrent',
  'versionId',
  'versioning',
  'versions',
  'website',
]);

/** The sub-resource of a request that nothing here serves. */
export function unknownSubresource({ method, query }: S3Request): string | undefined {
  if (method === 'GET' && 'uploads' in query) return 'uploads';
  return Object.keys(query).find((name) => UNKNOWN_SUBRESOURCES.has(name));
}

/** The name of the S3 operation, as AWS spells it. */
export function s3Operation(request: S3Request): string {
  const { method, bucket, key, query } = request;
  if (!bucket) return 'ListBuckets';
  if (key) return objectOperation(request);
  if ('lifecycle' in query) return `${capitalized(method)}BucketLifecycleConfiguration`;
  if (method === 'POST') return 'delete' in query ? 'DeleteObjects' : 'PostObject';
  if (method === 'GET') return 'list-type' in query ? 'ListObjectsV2' : 'ListObjects';
  return { PUT: 'CreateBucket', HEAD: 'HeadBucket', DELETE: 'DeleteBucket' }[method] ?? method;
}

function objectOperation({ method, query, headers }: S3Request): string {
  if (method === 'PUT') return putOperation(query, headers);
  if (method === 'POST') return 'uploads' in query ? 'CreateMultipartUpload' : 'CompleteMultipartUpload';
  if (method === 'GET') return getOperation(query);
  if (method === 'DELETE') return 'uploadId' in query ? 'AbortMultipartUpload' : 'DeleteObject';
  return method === 'HEAD' ? 'HeadObject' : method;
}

function getOperation(query: S3Request['query']): string {
  if ('uploadId' in query) return 'ListParts';
  return 'attributes' in query ? 'GetObjectAttributes' : 'GetObject';
}

function putOperation(query: S3Request['query'], headers: IncomingHttpHeaders): string {
  if ('renameObject' in query) return 'RenameObject';
  const copies = 'x-amz-copy-source' in headers;
  if ('partNumber' in query) return copies ? 'UploadPartCopy' : 'UploadPart';
  return copies ? 'CopyObject' : 'PutObject';
}

const capitalized = (method: string): string => method.charAt(0) + method.slice(1).toLowerCase();

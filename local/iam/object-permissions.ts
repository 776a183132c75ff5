import type { IncomingHttpHeaders } from 'node:http';
import type { Permission } from './guard.ts';

export interface ObjectCall {
  readonly operation: string;
  readonly bucket: string;
  readonly key: string;
  readonly headers: IncomingHttpHeaders;
}

/** The actions of the service authorization reference whose name differs from the operation. */
const ACTIONS: Readonly<Record<string, string>> = {
  ListBuckets: 'ListAllMyBuckets',
  HeadBucket: 'ListBucket',
  ListObjects: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  HeadObject: 'GetObject',
  CopyObject: 'PutObject',
  CreateMultipartUpload: 'PutObject',
  UploadPart: 'PutObject',
  UploadPartCopy: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
  ListParts: 'ListMultipartUploadParts',
  DeleteObjects: 'DeleteObject',
  GetBucketLifecycleConfiguration: 'GetLifecycleConfiguration',
  PutBucketLifecycleConfiguration: 'PutLifecycleConfiguration',
  DeleteBucketLifecycleConfiguration: 'PutLifecycleConfiguration',
};

/** Returns the permissions that a call of S3 needs. */
export function toObjectPermissions({ operation, bucket, key, headers }: ObjectCall): readonly Permission[] {
  const needed = { action: `s3:${ACTIONS[operation] ?? operation}`, resource: toArn(bucket, key) };
  const source = headers['x-amz-copy-source'];
  // The keys are in the body, so all keys of the bucket are needed: more than S3 requires, never less.
  if (operation === 'DeleteObjects') return [{ ...needed, resource: toArn(bucket, '*') }];
  if (operation === 'GetObjectAttributes') return [needed, { ...needed, action: 's3:GetObject' }];
  return typeof source === 'string' ? [needed, { action: 's3:GetObject', resource: toSourceArn(source) }] : [needed];
}

/** The permission without which S3 does not reveal whether an object exists. */
export const listPermission = (bucket: string): Permission => ({
  action: 's3:ListBucket',
  resource: toArn(bucket, ''),
});

function toArn(bucket: string, key: string): string {
  if (!bucket) return '*';
  return key ? `arn:aws:s3:::${bucket}/${key}` : `arn:aws:s3:::${bucket}`;
}

const toSourceArn = (source: string): string =>
  `arn:aws:s3:::${decodeURIComponent(source.split('?')[0] ?? '').replace(/^\//, '')}`;

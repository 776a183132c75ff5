import type { IncomingHttpHeaders } from 'node:http';
import type { Permission } from './guard.ts';

export interface ObjectCall {
  readonly operation: string;
  readonly bucket: string;
  readonly key: string;
  readonly headers: IncomingHttpHeaders;
}

/** Actions of the service authorization reference, where they are not called as the operation. */
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

/** The permissions that a call of S3 needs. */
export function objectPermissions({ operation, bucket, key, headers }: ObjectCall): readonly Permission[] {
  const needed = { action: `s3:${ACTIONS[operation] ?? operation}`, resource: arnOf(bucket, key) };
  const source = headers['x-amz-copy-source'];
  // The keys stand in the body, so that all of the bucket's are asked for: more than S3 asks, never less.
  if (operation === 'DeleteObjects') return [{ ...needed, resource: arnOf(bucket, '*') }];
  if (operation === 'GetObjectAttributes') return [needed, { ...needed, action: 's3:GetObject' }];
  return typeof source === 'string' ? [needed, { action: 's3:GetObject', resource: sourceArn(source) }] : [needed];
}

/** Without it S3 does not tell whether an object is there. */
export const knowsKeys = (bucket: string): Permission => ({ action: 's3:ListBucket', resource: arnOf(bucket, '') });

function arnOf(bucket: string, key: string): string {
  if (!bucket) return '*';
  return key ? `arn:aws:s3:::${bucket}/${key}` : `arn:aws:s3:::${bucket}`;
}

const sourceArn = (source: string): string =>
  `arn:aws:s3:::${decodeURIComponent(source.split('?')[0] ?? '').replace(/^\//, '')}`;

import type { IncomingHttpHeaders } from 'node:http';
import type { buildApp } from 'fauxqs';
import { toS3Operation, type S3Request } from './s3-operation.ts';

/** The Fastify instance that fauxqs runs on. */
export type FauxqsApp = ReturnType<typeof buildApp>;

/** The parts of a request to fauxqs that the gate reads, once the body is parsed. */
export interface FauxqsRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly params: unknown;
  readonly query: unknown;
  readonly body?: unknown;
}

/**
 * Returns the service and the operation of a request. One port serves S3, SQS and SNS; the content type of a POST to
 * the root identifies the service.
 */
export function toOperation(request: FauxqsRequest): { service: string; operation: string } {
  const type = request.headers['content-type'] ?? '';
  if (!isS3(request) && type.includes('x-amz-json-1.0')) {
    const target = String(request.headers['x-amz-target'] ?? '');
    return { service: 'sqs', operation: target.replace('AmazonSQS.', '') };
  }
  if (!isS3(request) && type.includes('x-www-form-urlencoded')) {
    const { Action = 'unknown' } = (request.body ?? {}) as { Action?: string };
    return { service: Action === 'GetCallerIdentity' ? 'sts' : 'sns', operation: Action };
  }
  return { service: 's3', operation: toS3Operation(toS3Request(request)) };
}

export function isS3({ method, params }: FauxqsRequest): boolean {
  return method !== 'POST' || Boolean((params as { bucket?: string }).bucket);
}

export function toS3Request({ method, headers, params, query }: FauxqsRequest): S3Request {
  const { bucket = '', '*': key = '' } = params as { bucket?: string; '*'?: string };
  return { method, headers, bucket, key, query: (query ?? {}) as Record<string, unknown> };
}

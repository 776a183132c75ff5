import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { OutputName } from './names.ts';

/** Where the facts are tried: the stack of `stack.ts`, deployed, and clients that talk to it. */
export interface Stage {
  readonly isLocal: boolean;
  /** Milliseconds that one may have to wait until something comes, or comes again. */
  readonly patienceMs: number;
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  /** Sends no checksum unless told. */
  readonly s3: S3Client;
  /** As the functions make theirs: with a checksum for all content. */
  readonly functionsS3: S3Client;
  readonly dynamodb: DynamoDBClient;
  /** URL of a queue, ARN of the topic, name of bucket and table. */
  called(name: OutputName): string;
  /** Removes all that was made. */
  close(): Promise<void>;
}

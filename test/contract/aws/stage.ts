import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { OutputName } from './names.ts';

/** The place where the facts are tested: the deployed stack of `stack.ts`, and its clients. */
export interface Stage {
  readonly isLocal: boolean;
  /** The milliseconds for which a test may have to wait until a message comes, or comes again. */
  readonly patienceMs: number;
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  /** A client that sends a checksum only if asked for. */
  readonly s3: S3Client;
  /** A client as the functions have it, which sends a checksum with all content. */
  readonly functionsS3: S3Client;
  readonly dynamodb: DynamoDBClient;
  /** Returns the URL of a queue, the ARN of the topic, or the name of the bucket or the table. */
  called(name: OutputName): string;
  /** Deletes everything that was created. */
  close(): Promise<void>;
}

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { OutputName } from './names.ts';

/** The deployed stack of `stack.ts` on which the facts are tested, and clients for it. */
export interface Stage {
  readonly isLocal: boolean;
  /** The milliseconds that a test may have to wait for a message. */
  readonly patienceMs: number;
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  /** A client that sends no checksum by default. */
  readonly s3: S3Client;
  /** A client like that of the functions, which sends a checksum with all content. */
  readonly functionsS3: S3Client;
  readonly dynamodb: DynamoDBClient;
  /** Returns the URL of a queue, the ARN of the topic, or the name of the bucket or table. */
  called(name: OutputName): string;
  /** Removes the stack and closes the clients. */
  close(): Promise<void>;
}

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { tryBatchCallsOnce } from './batch-calls.ts';
import { patience } from './patience.ts';

/** A connection is made within a second or not at all. */
const CONNECTION_MILLISECONDS = 1_000;

/**
 * Limits how long a call waits for its response. The SDK waits forever: one dead connection would use up a worker's
 * time.
 */
const limitCalls = (requestMilliseconds: number) => ({
  requestHandler: {
    connectionTimeout: CONNECTION_MILLISECONDS * patience(),
    requestTimeout: requestMilliseconds * patience(),
    throwOnRequestTimeout: true,
  },
});

/** Services respond within milliseconds; S3 takes a little longer for the 16 MiB of a manifest. */
const quick = () => limitCalls(4_000);

/** For a call that the caller repeats, and that must leave time for what follows. */
const brief = () => limitCalls(2_000);

/** S3 needs seconds to assemble a thousand parts. */
const slow = () => limitCalls(25_000);

/** A message is delivered again, so a call ends after three attempts, with waits of up to one and up to two seconds. */
const ATTEMPTS = 3;

/** A caller waits for the response, and the function has ten seconds. */
const ATTEMPTS_FOR_REQUESTS = 2;

/**
 * All clients are made in this file. Region, credentials and endpoints come from the environment alone, so the same
 * bundle runs on AWS and on one machine.
 */
function dynamoClient(maxAttempts: number, limits = quick()): DynamoDBClient {
  const client = quiet(new DynamoDBClient({ ...limits, maxAttempts }));
  tryBatchCallsOnce(client);
  return client;
}

/** Removes the client's log of calls. It has no reader, and preparing it copies everything that is sent. */
function quiet<Client extends { readonly middlewareStack: { remove(name: string): boolean } }>(client: Client): Client {
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}

export type DocumentClient = DynamoDBDocumentClient;

/** Undefined fields are not stored. */
const toDocumentClient = (client: DynamoDBClient): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

/** For functions that a queue or the schedule invokes. */
export const documentClient = (): DynamoDBDocumentClient => toDocumentClient(dynamoClient(ATTEMPTS));

/** For functions that respond to requests. */
export const httpDocumentClient = (): DynamoDBDocumentClient => toDocumentClient(dynamoClient(ATTEMPTS_FOR_REQUESTS));

/**
 * For notes of tries: each call ends within two seconds, and the SDK does not repeat it. A note that stays counts as a
 * death.
 */
export const briefDocumentClient = (): DynamoDBDocumentClient => toDocumentClient(dynamoClient(1, brief()));

/** For functions that a queue or the schedule invokes. */
export const s3Client = (): S3Client => new S3Client({ ...quick(), maxAttempts: ATTEMPTS });

/** For functions that respond to requests. */
export const httpS3Client = (): S3Client => new S3Client({ ...quick(), maxAttempts: ATTEMPTS_FOR_REQUESTS });

/** For objects that S3 assembles of parts. */
export const assemblingS3Client = (): S3Client => new S3Client(slow());

/**
 * For presigned uploads. The SDK must not add a checksum: it has no content when it signs, and would sign the checksum
 * of an empty body. `assembles`: the client also completes uploads in parts.
 */
export const presigningS3Client = ({ assembles = false } = {}): S3Client => {
  const limits = assembles ? slow() : { ...quick(), maxAttempts: ATTEMPTS_FOR_REQUESTS };
  return new S3Client({ ...limits, requestChecksumCalculation: 'WHEN_REQUIRED' });
};

/** The URL of a queue names the host to call. An endpoint in the environment must win over it. */
export function sqsClient(): SQSClient {
  const client = quiet(new SQSClient({ ...quick(), useQueueUrlAsEndpoint: false }));
  tryBatchCallsOnce(client);
  return client;
}

export const snsClient = (): SNSClient => new SNSClient(quick());

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { tryBatchCallsOnce } from './batch-calls.ts';
import { patience } from './patience.ts';

/** A connection is there within a second or never. */
const CONNECTION_MILLISECONDS = 1_000;

/**
 * How long a call waits for its answer. The SDK's default is for ever: one dead connection would take a worker's whole
 * time.
 */
const limitedTo = (requestMilliseconds: number) => ({
  requestHandler: {
    connectionTimeout: CONNECTION_MILLISECONDS * patience(),
    requestTimeout: requestMilliseconds * patience(),
    throwOnRequestTimeout: true,
  },
});

/** Services answer within milliseconds; S3 takes a little longer for the 16 MiB that are sent at once. */
const quick = () => limitedTo(4_000);

/** For a call that its caller repeats, and that must not take the time of what follows it. */
const brief = () => limitedTo(2_000);

/** S3 takes its time to put a thousand parts together. */
const slow = () => limitedTo(25_000);

/**
 * A message comes again, so its function gives a call up after three tries: two waits, of up to a second and of up to
 * two.
 */
const ATTEMPTS = 3;

/** A person waits, and the function has ten seconds. */
const ATTEMPTS_OF_REQUESTS = 2;

/**
 * The one place that makes clients. Region, credentials and endpoints come from the environment alone, so the same
 * bundle runs on AWS and on one machine.
 */
function dynamoClient(maxAttempts: number, limits = quick()): DynamoDBClient {
  const client = quiet(new DynamoDBClient({ ...limits, maxAttempts }));
  tryBatchCallsOnce(client);
  return client;
}

/** Takes the log of each call out of a client: nobody reads it, and making it ready copies whatever is sent. */
function quiet<Client extends { readonly middlewareStack: { remove(name: string): boolean } }>(client: Client): Client {
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}

export type DocumentClient = DynamoDBDocumentClient;

/** Undefined fields are left out of items: an absent optional field is absent in the store. */
const documentsOf = (client: DynamoDBClient): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

/** For functions that messages or the clock call. */
export const documentClient = (): DynamoDBDocumentClient => documentsOf(dynamoClient(ATTEMPTS));

/** For functions that answer requests. */
export const httpDocumentClient = (): DynamoDBDocumentClient => documentsOf(dynamoClient(ATTEMPTS_OF_REQUESTS));

/**
 * For notes whose loss would be taken for a death: each call ends within two seconds, and is not repeated by the SDK.
 */
export const briefDocumentClient = (): DynamoDBDocumentClient => documentsOf(dynamoClient(1, brief()));

/** For functions that messages or the clock call. */
export const s3Client = (): S3Client => new S3Client({ ...quick(), maxAttempts: ATTEMPTS });

/** For functions that answer requests. */
export const httpS3Client = (): S3Client => new S3Client({ ...quick(), maxAttempts: ATTEMPTS_OF_REQUESTS });

/** For what is put together of parts. */
export const assemblingS3Client = (): S3Client => new S3Client(slow());

/**
 * For presigned uploads: a checksum is of content, and who signs has none; the SDK would sign the one of an empty body.
 * `assembles`: it puts the uploads together, too.
 */
export const presigningS3Client = ({ assembles = false } = {}): S3Client => {
  const limits = assembles ? slow() : { ...quick(), maxAttempts: ATTEMPTS_OF_REQUESTS };
  return new S3Client({ ...limits, requestChecksumCalculation: 'WHEN_REQUIRED' });
};

/** A queue's URL names the host to call; the endpoint of the environment must win over it where there is one. */
export function sqsClient(): SQSClient {
  const client = quiet(new SQSClient({ ...quick(), useQueueUrlAsEndpoint: false }));
  tryBatchCallsOnce(client);
  return client;
}

export const snsClient = (): SNSClient => new SNSClient(quick());

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * The one place that makes clients. Region, credentials and endpoints come from the environment alone, so the same bundle
 * runs on AWS and on one machine.
 */
export const dynamoClient = (): DynamoDBClient => quiet(new DynamoDBClient({}));

/** Takes the log of each call out of a client: nobody reads it, and making it ready copies whatever is sent. */
function quiet<Client extends { readonly middlewareStack: { remove(name: string): boolean } }>(client: Client): Client {
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}

/** Undefined fields are left out of items: an absent optional field is absent in the store. */
export const documentClient = (client = dynamoClient()): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

export const s3Client = (): S3Client => new S3Client({});

/** For presigned uploads: a checksum is of content, and who signs has none; the SDK would sign the one of an empty body. */
export const presigningS3Client = (): S3Client => new S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED' });

/** A queue's URL names the host to call; the endpoint of the environment must win over it where there is one. */
export const sqsClient = (): SQSClient => quiet(new SQSClient({ useQueueUrlAsEndpoint: false }));

export const snsClient = (): SNSClient => new SNSClient({});

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Emulators } from '../../local/emulators/emulators.ts';

/** Opens the clients of one caller as a function of the stack does: with an endpoint, a region and an access key. */
export function clientsOf({ endpoints, region }: Pick<Emulators, 'endpoints' | 'region'>, accessKeyId = 'tester') {
  const credentials = { accessKeyId, secretAccessKey: 'local' };
  const s3 = new S3Client({ endpoint: endpoints.s3, region, credentials, forcePathStyle: true });
  const sqs = new SQSClient({ endpoint: endpoints.sqs, region, credentials });
  const sns = new SNSClient({ endpoint: endpoints.sns, region, credentials });
  const dynamodb = new DynamoDBClient({ endpoint: endpoints.dynamodb, region, credentials });
  const close = (): void => [s3, sqs, sns, dynamodb].forEach((client) => client.destroy());
  return { s3, sqs, sns, dynamodb, close };
}
export type TestClients = ReturnType<typeof clientsOf>;

import { LOCAL_SECRET_ACCESS_KEY } from '../../account.ts';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Endpoints } from '../../model.ts';

export interface Clients extends Disposable {
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  readonly dynamodb: DynamoDBClient;
}

/** Opens clients of the emulated services. Their own access key keeps their calls apart in the counts of the gate. */
export function openClients(endpoints: Endpoints, region: string): Clients {
  const credentials = { accessKeyId: 'deployer', secretAccessKey: LOCAL_SECRET_ACCESS_KEY };
  const at = (endpoint: string) => ({ endpoint, region, credentials });
  const s3 = new S3Client({ ...at(endpoints.s3), forcePathStyle: true });
  const sqs = new SQSClient(at(endpoints.sqs));
  const sns = new SNSClient(at(endpoints.sns));
  const dynamodb = new DynamoDBClient(at(endpoints.dynamodb));
  const close = (): void => [s3, sqs, sns, dynamodb].forEach((client) => client.destroy());
  return { s3, sqs, sns, dynamodb, [Symbol.dispose]: close };
}

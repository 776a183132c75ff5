import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { startLocalCloud } from '../../../local/cloud.ts';
import { timeFactor } from '../../../local/time-factor.ts';
import { synthesize } from './assembly.ts';
import { calledIn } from './names.ts';
import type { Stage } from './stage.ts';

const PATIENCE_MS = 60_000 * timeFactor();

/** Starts the local cloud with the stack of the facts. Its state is on disk, as with `npm start`. */
export async function openLocalStage(): Promise<Stage> {
  await using opening = new AsyncDisposableStack();
  const { folder: assemblyFolder } = opening.use(await synthesize('aws-facts'));
  const dataDir = opening.adopt(await mkdtemp(join(tmpdir(), 'aws-facts-data-')), (path) =>
    rm(path, { recursive: true }),
  );
  const { endpoints, stack } = opening.use(await startLocalCloud({ assemblyFolder, dataDir }));
  const at = (endpoint: string) => ({
    endpoint,
    region: stack.region,
    credentials: { accessKeyId: 'tester', secretAccessKey: 'local' },
  });
  const clients = {
    functionsS3: new S3Client({ ...at(endpoints.s3), forcePathStyle: true }),
    s3: new S3Client({ ...at(endpoints.s3), forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' }),
    sqs: new SQSClient(at(endpoints.sqs)),
    sns: new SNSClient(at(endpoints.sns)),
    dynamodb: new DynamoDBClient(at(endpoints.dynamodb)),
  };
  opening.defer(() => Object.values(clients).forEach((client) => client.destroy()));
  const opened = opening.move();
  return {
    ...clients,
    isLocal: true,
    patienceMs: PATIENCE_MS,
    called: calledIn(stack.outputs),
    close: () => opened.disposeAsync(),
  };
}

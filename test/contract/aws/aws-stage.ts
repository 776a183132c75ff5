import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteObjectsCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { missingForAws } from '../../../scripts/aws-access.ts';
import { synthesize } from './assembly.ts';
import { calledIn } from './names.ts';
import type { Stage } from './stage.ts';

const CDK = join(import.meta.dirname, '../../../node_modules/aws-cdk/bin/cdk');

/** Lambda lowers its polling after failures, so that a message may come back long after its visibility timeout. */
const PATIENCE_MS = 150_000;

/** The stack of the facts in the account of the caller's credentials, under a name of its own for each run. */
export async function openAwsStage(): Promise<Stage> {
  const wanted = process.env['CDK_REGION'];
  const missing = await missingForAws(wanted);
  if (missing.length > 0) throw new Error(`AWS_CONTRACT=1 runs on AWS, and this is missing: ${missing.join('; ')}.`);
  const sqs = new SQSClient(wanted ? { region: wanted } : {});
  const region = await sqs.config.region();
  const stackName = `aws-facts-${randomBytes(3).toString('hex')}`;

  await using opening = new AsyncDisposableStack();
  const { folder } = opening.use(await synthesize(stackName));
  const cdk = (...args: readonly string[]) => run([CDK, ...args, '--app', folder, '--no-notices'], region);
  opening.defer(() => cdk('destroy', '--force'));
  const outputsFile = join(folder, 'outputs.json');
  process.stderr.write(`Deploying the stack ${stackName} to ${region}; should it stay, delete it in CloudFormation.\n`);
  await cdk('deploy', '--require-approval', 'never', '--outputs-file', outputsFile);
  const outputs: Record<string, Record<string, string>> = JSON.parse(await readFile(outputsFile, 'utf8'));
  const called = calledIn(outputs[stackName] ?? {});
  const clients = {
    sqs,
    s3: new S3Client({ region }),
    sns: new SNSClient({ region }),
    dynamodb: new DynamoDBClient({ region }),
  };
  opening.defer(async () => {
    await empty(clients.s3, called('Bucket'));
    Object.values(clients).forEach((client) => client.destroy());
  });
  const opened = opening.move();
  return { ...clients, isLocal: false, patienceMs: PATIENCE_MS, called, close: () => opened.disposeAsync() };
}

async function run(args: readonly string[], region: string): Promise<void> {
  const env = { ...process.env, AWS_REGION: region, AWS_DEFAULT_REGION: region };
  const [code] = await once(spawn(process.execPath, args, { env, stdio: 'inherit' }), 'close');
  if (code !== 0) throw new Error(`cdk ${String(args[1])} failed (${code}); what it printed says why.`);
}

/** CloudFormation deletes no bucket that holds anything. */
async function empty(s3: S3Client, Bucket: string): Promise<void> {
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket })) {
    const Objects = Contents.map(({ Key = '' }) => ({ Key }));
    if (Objects.length > 0) await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  }
}

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteObjectsCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { findMissingForAws } from '../../../scripts/aws-access.ts';
import { synthesize } from './assembly.ts';
import { calledIn } from './names.ts';
import type { Stage } from './stage.ts';

const CDK = join(import.meta.dirname, '../../../node_modules/aws-cdk/bin/cdk');

/** Lambda polls less after failures, so a message may come back long after its visibility timeout. */
const PATIENCE_MS = 150_000;

/** Deploys the stack of the facts to the account of the current credentials, with a new name for each run. */
export async function openAwsStage(): Promise<Stage> {
  const wanted = process.env['CDK_REGION'];
  const missing = await findMissingForAws(wanted);
  if (missing.length > 0) throw new Error(`AWS_CONTRACT=1 runs on AWS, and this is missing: ${missing.join('; ')}.`);
  const sqs = new SQSClient(wanted ? { region: wanted } : {});
  const region = await sqs.config.region();
  const clients = {
    sqs,
    s3: new S3Client({ region, requestChecksumCalculation: 'WHEN_REQUIRED' }),
    functionsS3: new S3Client({ region }),
    sns: new SNSClient({ region }),
    dynamodb: new DynamoDBClient({ region }),
  };
  const made = new AsyncDisposableStack();
  made.defer(() => Object.values(clients).forEach((client) => client.destroy()));
  const close = () => made.disposeAsync();
  try {
    const called = calledIn(await deploy(made, region));
    made.defer(() => empty(clients.s3, called('Bucket')));
    return { ...clients, isLocal: false, patienceMs: PATIENCE_MS, called, close };
  } catch (error) {
    // Delete what exists of the stack. If that fails, the CDK has printed why, and this error is still the one that
    // matters.
    await Promise.allSettled([close()]);
    throw error;
  }
}

/** Deploys the stack, and resolves to its outputs. The stack is deleted with `made`. */
async function deploy(made: AsyncDisposableStack, region: string): Promise<Readonly<Record<string, string>>> {
  const stackName = `aws-facts-${randomBytes(3).toString('hex')}`;
  const { folder } = made.use(await synthesize(stackName));
  const cdk = (...args: readonly string[]) => run([CDK, ...args, '--app', folder, '--no-notices'], region);
  made.defer(() => cdk('destroy', '--force'));
  process.stderr.write(
    `Deploying the stack ${stackName} to ${region}. If it is left over, delete it in CloudFormation.\n`,
  );
  const outputsFile = join(folder, 'outputs.json');
  await cdk('deploy', '--require-approval', 'never', '--outputs-file', outputsFile);
  const outputs: Record<string, Record<string, string>> = JSON.parse(await readFile(outputsFile, 'utf8'));
  return outputs[stackName] ?? {};
}

async function run(args: readonly string[], region: string): Promise<void> {
  const env = { ...process.env, AWS_REGION: region, AWS_DEFAULT_REGION: region };
  const [code] = await once(spawn(process.execPath, args, { env, stdio: 'inherit' }), 'close');
  if (code !== 0) throw new Error(`cdk ${String(args[1])} failed (${code}). Its output says why.`);
}

/** Empties a bucket, because CloudFormation deletes only empty ones. */
async function empty(s3: S3Client, Bucket: string): Promise<void> {
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket })) {
    const Objects = Contents.map(({ Key = '' }) => ({ Key }));
    if (Objects.length > 0) await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  }
}

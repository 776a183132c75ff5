import { join } from 'node:path';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { buildSync } from 'esbuild';

/**
 * Bundles and synthesizes the textbook algorithm into a folder. Its worker has the same limits as this project's own.
 */
export function synthesizeTextbook(folder: string): string {
  const outdir = join(folder, 'assembly');
  const app = new App({ outdir, analyticsReporting: false });
  const stack = new Stack(app, 'textbook');
  const table = new Table(stack, 'Table', {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
  });
  const queue = new Queue(stack, 'Rows', { visibilityTimeout: Duration.seconds(60) });
  const worker = makeFunction(stack, 'Worker', folder, 10, { TABLE_NAME: table.tableName });
  worker.addEventSource(new SqsEventSource(queue, { batchSize: 10, maxConcurrency: 5 }));
  const splitter = makeFunction(stack, 'Splitter', folder, 900, { QUEUE_URL: queue.queueUrl });
  queue.grantSendMessages(splitter);
  table.grantWriteData(worker);
  const output = new CfnOutput(stack, 'TableName', { value: table.tableName });
  output.description = 'Holds tasks and counters';
  app.synth();
  return outdir;
}

function makeFunction(
  stack: Stack,
  name: 'Worker' | 'Splitter',
  folder: string,
  seconds: number,
  environment: Record<string, string>,
): LambdaFunction {
  const code = join(folder, name);
  buildSync({
    entryPoints: { index: join(import.meta.dirname, `${name.toLowerCase()}.ts`) },
    outdir: code,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
  });
  return new LambdaFunction(stack, name, {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromAsset(code),
    timeout: Duration.seconds(seconds),
    memorySize: 512,
    environment,
  });
}

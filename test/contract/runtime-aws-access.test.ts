import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { startFauxqs, type FauxqsServer } from 'fauxqs';
import { FunctionLogs } from '../../local/runtime/function-logs.ts';
import { Runtime } from '../../local/runtime/runtime.ts';
import { throwAwayStack, type ThrowAwayStack } from './throw-away-stack.ts';

/** Plain clients, as on AWS: no address of a service is in the code. */
const HANDLER = `
  import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
  import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
  const s3 = new S3Client();
  const sqs = new SQSClient();
  export const handler = async ({ Bucket, Key, QueueName }) => {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'title' }));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    return { text: await Body.transformToString(), QueueUrl };
  };`;

describe('a bundled function', () => {
  let server: FauxqsServer;
  let own: ThrowAwayStack;
  let runtime: Runtime;

  beforeAll(async () => {
    const bundle = await build({
      stdin: { contents: HANDLER, resolveDir: join(import.meta.dirname, '../..') },
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      mainFields: ['module', 'main'],
    });
    server = await startFauxqs({ port: 0, logger: false });
    const endpoint = `http://127.0.0.1:${server.port}`;
    const code = bundle.outputFiles[0]?.text ?? '';
    own = await throwAwayStack({ functions: { Fn: { code } }, endpoints: { s3: endpoint, sqs: endpoint } });
    runtime = new Runtime(own.stack, new FunctionLogs({}));
  });
  afterAll(async () => {
    await runtime.stop();
    await server.stop();
    await own[Symbol.asyncDispose]();
  });

  it('reaches the local services through its environment alone, with the bucket in the path', async () => {
    server.createBucket('uploads-bucket');
    const { queueUrl } = server.createQueue('Work');
    const event = { Bucket: 'uploads-bucket', Key: 'uploads/a b/ü+%.csv', QueueName: 'Work' };
    const result = await runtime.invoke('Fn', event);
    expect(result).toEqual({ ok: { text: 'title', QueueUrl: queueUrl } });
  });
});

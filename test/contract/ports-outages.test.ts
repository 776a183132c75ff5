import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer, type ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import {
  briefDocumentClient,
  documentClient,
  DynamoJobs,
  DynamoTasks,
  DynamoTries,
  isServiceFailure,
  isUnavailable,
  s3Client,
  S3Sources,
  sqsClient,
  SqsVisibility,
} from '../../src/aws/index.ts';
import { RefusedItemError } from '../../src/engine/index.ts';
import type { TaskItem } from '../../src/tasks/index.ts';
import { clock, Services } from './ports-services.ts';

/** These tests make a service refuse whole calls. */
let services: Services;
beforeAll(async () => {
  services = await Services.start();
});
afterEach(() => services.gate.failTableOperations([]));
afterAll(() => services.stop());

const AT = '2026-01-31T08:00:00.000Z';
const aRow = (title = 'Row'): { readonly id: string; readonly item: TaskItem } => ({
  id: randomUUID(),
  item: {
    content: { title, isComplete: false },
    createdAt: AT,
    updatedAt: AT,
    version: 1,
    origin: { taskFileId: randomUUID(), row: 2 },
  },
});

const callsOf = async (operation: string): Promise<number> =>
  (await services.gate.counts())
    .filter((count) => count.operation === operation)
    .reduce((sum, { calls }) => sum + calls, 0);

const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a batch that a service refuses as a whole', () => {
  it.each(['throttled', 'outage'] as const)('is left as a whole after eight attempts: %s', async (as) => {
    const tasks = new DynamoTasks(documentClient(), await services.createTasksTable(), clock);
    await services.gate.failTableOperations(['BatchWriteItem', 'BatchGetItem'], { as });
    await services.gate.resetCounts();
    const rows = [aRow(), aRow()];
    const [writing, reading] = await Promise.all([
      failureOf(tasks.putRows('default', rows)),
      failureOf(tasks.readMany('default', [randomUUID()])),
    ]);
    expect(writing).toMatchObject({ name: 'StillRefusedError', message: expect.stringContaining('left 2 entries') });
    expect(reading).toMatchObject({ name: 'StillRefusedError', message: expect.stringContaining('left 2 entries') });
    expect([await callsOf('BatchWriteItem'), await callsOf('BatchGetItem')]).toEqual([8, 8]);
    expect([writing, reading].map(isUnavailable)).toEqual([true, true]);
  });

  it('is not tried again if the role lacks the right, which is a failure of the service but no short outage', async () => {
    const tasks = new DynamoTasks(documentClient(), await services.createTasksTable(), clock);
    await services.gate.failTableOperations(['BatchWriteItem'], { as: 'denied' });
    await services.gate.resetCounts();
    const failure = await failureOf(tasks.putRows('default', [aRow()]));
    expect(failure).toMatchObject({ name: 'AccessDeniedException' });
    expect(await callsOf('BatchWriteItem')).toBe(1);
    expect([isServiceFailure(failure), isUnavailable(failure)]).toEqual([true, false]);
  });

  it('does not fail its rows if the table refuses it for another reason, such as other keys', async () => {
    const tasks = new DynamoTasks(documentClient(), await services.createTableWithKey('other'), clock);
    const failure = await failureOf(tasks.putRows('default', [aRow()]));
    expect(failure).toMatchObject({ name: 'ValidationException' });
  });

  it('is not an outage if one of its rows can never be stored', async () => {
    const tasks = new DynamoTasks(documentClient(), await services.createTasksTable(), clock);
    const failure = await failureOf(tasks.putRows('default', [aRow('x'.repeat(500_000))]));
    expect(failure).toBeInstanceOf(RefusedItemError);
    expect(isServiceFailure(failure)).toBe(false);
  });
});

describe('a single call', () => {
  it.each(['throttled', 'outage'] as const)(
    'is tried three times, and then is a failure of the service: %s',
    async (as) => {
      const jobs = new DynamoJobs(documentClient(), await services.createTaskFilesTable(), clock);
      await services.gate.failTableOperations(['GetItem'], { as });
      await services.gate.resetCounts();
      const failure = await failureOf(jobs.read({ tenant: 'default', jobId: randomUUID() }));
      expect([isServiceFailure(failure), isUnavailable(failure)]).toEqual([true, true]);
      expect(await callsOf('GetItem')).toBe(3);
    },
  );
});

describe('a note of a try', () => {
  it.each(['throttled', 'outage'] as const)('is written by one call, and taken back by up to eight: %s', async (as) => {
    const tries = new DynamoTries(briefDocumentClient(), await services.createTaskFilesTable());
    const key = { tenant: 'default', runId: randomUUID(), segment: 0 };
    await services.gate.failTableOperations(['UpdateItem'], { as });
    await services.gate.resetCounts();
    expect(isUnavailable(await failureOf(tries.begin(key, 0, 0, 1)))).toBe(true);
    expect(await callsOf('UpdateItem')).toBe(1);
    expect(isUnavailable(await failureOf(tries.end(key, 0, 0)))).toBe(true);
    expect(await callsOf('UpdateItem')).toBe(9);
  });
});

describe('a service that takes a connection and says nothing', () => {
  it('is given up, and the call can be tried again', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { AWS_ENDPOINT_URL_DYNAMODB, SERVICE_PATIENCE } = process.env;
    const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    // Uses the patience that the functions have on AWS.
    Object.assign(process.env, { AWS_ENDPOINT_URL_DYNAMODB: endpoint, SERVICE_PATIENCE: '1' });
    const client = documentClient();
    const failure = await failureOf(new DynamoTasks(client, 'tasks', clock).putRows('default', [aRow()]));
    Object.assign(process.env, { AWS_ENDPOINT_URL_DYNAMODB, SERVICE_PATIENCE });
    client.destroy();
    silent.close();
    expect(failure).toMatchObject({ name: 'StillRefusedError', message: expect.stringContaining('after 1 attempts') });
  });
});

describe('an object of which S3 sends only a part', () => {
  /** The response announces a hundred bytes, and has ten. */
  it.each<[string, (response: ServerResponse) => void]>([
    ['and then closes the connection', (response) => setImmediate(() => response.destroy())],
    ['and then nothing more', () => undefined],
  ])('%s, is a failure of the service, and the bytes before are read', async (_, continueWith) => {
    const server = createHttpServer((_request, response) => {
      response.writeHead(206, { 'content-length': '100', etag: '"one"' });
      response.write(Buffer.alloc(10), () => continueWith(response));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { AWS_ENDPOINT_URL_S3 } = process.env;
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    Object.assign(process.env, { AWS_ENDPOINT_URL_S3: endpoint });
    const client = s3Client();
    const sources = new S3Sources(client, 'bucket', 200);
    let read = 0;
    const reading = (async (): Promise<void> => {
      for await (const { length } of sources.open({ key: 'key', etag: 'one', bytes: 100 }, 0)) read += length;
    })();
    const failure = await failureOf(reading);
    Object.assign(process.env, { AWS_ENDPOINT_URL_S3 });
    client.destroy();
    server.closeAllConnections();
    server.close();
    expect([isUnavailable(failure), read]).toEqual([true, 10]);
  });

  it('may be read as slowly as its reader wants', async () => {
    const bucket = await services.createBucket();
    const bytes = Buffer.alloc(1024 * 1024, 1);
    const put = await services.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'key', Body: bytes }));
    const etag = (put.ETag ?? '').replaceAll('"', '');
    let read = 0;
    for await (const { length } of new S3Sources(s3Client(), bucket, 1_000).open(
      { key: 'key', etag, bytes: bytes.length },
      0,
    )) {
      const until = performance.now() + 1_100;
      while (read === 0 && performance.now() < until);
      read += length;
    }
    expect(read).toBe(bytes.length);
  });
});

describe('a message that is postponed', () => {
  it('stays invisible for that time, and one that is not in flight any more is counted', async () => {
    const queueUrl = await services.createQueue();
    const queueArn = `arn:aws:sqs:us-east-1:000000000000:${queueUrl.split('/').at(-1)}`;
    const visibility = new SqsVisibility(sqsClient());
    await services.send(queueUrl, 'one');
    const [message] = await services.receive(queueUrl, 1);
    expect(await visibility.postpone(queueArn, [{ receiptHandle: message?.ReceiptHandle ?? '', seconds: 0 }])).toBe(0);
    const [again] = await services.receive(queueUrl, 5);
    expect(again?.Body).toBe('one');
    const gone = { receiptHandle: 'no handle of this queue', seconds: 60 };
    const known = { receiptHandle: again?.ReceiptHandle ?? '', seconds: 60 };
    expect(await visibility.postpone(queueArn, [gone, known])).toBe(1);
    await expect(visibility.postpone(`${queueArn}-unknown`, [known])).rejects.toMatchObject({ $fault: 'client' });
  });
});

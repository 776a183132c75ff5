import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  documentClient,
  DynamoJobs,
  DynamoTasks,
  isServiceFailure,
  isUnavailable,
  sqsClient,
  SqsVisibility,
} from '../../src/aws/index.ts';
import { RefusedItemError } from '../../src/engine/index.ts';
import type { TaskItem } from '../../src/tasks/index.ts';
import { Services } from './ports-services.ts';

/** Calls that a service refuses as a whole. */
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
  it.each(['throttled', 'outage'] as const)('is left as a whole, and tried eight times and no more: %s', async (as) => {
    const tasks = new DynamoTasks(documentClient(), await services.createTasksTable());
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

  it('is not tried again if its role may not do it: that is a failure of the service, and does not pass in a moment', async () => {
    const tasks = new DynamoTasks(documentClient(), await services.createTasksTable());
    await services.gate.failTableOperations(['BatchWriteItem'], { as: 'denied' });
    await services.gate.resetCounts();
    const failure = await failureOf(tasks.putRows('default', [aRow()]));
    expect(failure).toMatchObject({ name: 'AccessDeniedException' });
    expect(await callsOf('BatchWriteItem')).toBe(1);
    expect([isServiceFailure(failure), isUnavailable(failure)]).toEqual([true, false]);
  });

  it('is no outage if one of its rows can never be stored', async () => {
    const tasks = new DynamoTasks(documentClient(), await services.createTasksTable());
    const failure = await failureOf(tasks.putRows('default', [aRow('x'.repeat(500_000))]));
    expect(failure).toBeInstanceOf(RefusedItemError);
    expect(isServiceFailure(failure)).toBe(false);
  });
});

describe('a single call', () => {
  it.each(['throttled', 'outage'] as const)(
    'is tried three times, and then a failure of the service: %s',
    async (as) => {
      const jobs = new DynamoJobs(documentClient(), await services.createTaskFilesTable());
      await services.gate.failTableOperations(['GetItem'], { as });
      await services.gate.resetCounts();
      const failure = await failureOf(jobs.read({ tenant: 'default', jobId: randomUUID() }));
      expect([isServiceFailure(failure), isUnavailable(failure)]).toEqual([true, true]);
      expect(await callsOf('GetItem')).toBe(3);
    },
  );
});

describe('a service that takes a connection and says nothing', () => {
  it('is given up, and the call may be tried again', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { AWS_ENDPOINT_URL_DYNAMODB, SERVICE_PATIENCE } = process.env;
    const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    // As it is on AWS.
    Object.assign(process.env, { AWS_ENDPOINT_URL_DYNAMODB: endpoint, SERVICE_PATIENCE: '1' });
    const client = documentClient();
    const failure = await failureOf(new DynamoTasks(client, 'tasks').putRows('default', [aRow()]));
    Object.assign(process.env, { AWS_ENDPOINT_URL_DYNAMODB, SERVICE_PATIENCE });
    client.destroy();
    silent.close();
    expect(failure).toMatchObject({ name: 'StillRefusedError', message: expect.stringContaining('after 1 attempts') });
  });
});

describe('a message that is put off', () => {
  it('stays away, by the ARN of its queue; one that is not in flight any more is told', async () => {
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

import { randomUUID } from 'node:crypto';
import type { BatchGetCommandInput, BatchGetCommandOutput } from '@aws-sdk/lib-dynamodb';
import type { BatchWriteCommandInput, BatchWriteCommandOutput } from '@aws-sdk/lib-dynamodb';
import type { GetObjectCommandInput, GetObjectCommandOutput } from '@aws-sdk/client-s3';
import type { SendMessageBatchCommandInput, SendMessageBatchCommandOutput } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RefusedMessageError } from '../../src/aws/sqs/send.ts';
import {
  documentClient,
  DynamoJobs,
  DynamoTasks,
  S3Sources,
  S3Uploads,
  s3Client,
  SqsBatchQueue,
  sqsClient,
} from '../../src/aws/index.ts';
import { SourceError, type Batch } from '../../src/engine/index.ts';
import type { TaskItem } from '../../src/tasks/index.ts';
import { between } from './ports-middleware.ts';
import { clock, Services } from './ports-services.ts';

/** The SDK never repeats the entries that a successful response leaves undone. The adapters must repeat them. */
let services: Services;
beforeAll(async () => {
  services = await Services.start();
});
afterAll(() => services.stop());

const AT = '2026-01-31T08:00:00.000Z';
const aRow = (row: number): TaskItem => ({
  content: { title: `Row ${row}`, isComplete: false },
  createdAt: AT,
  updatedAt: AT,
  version: 1,
  origin: { taskFileId: randomUUID(), row },
});
const someRows = (count: number) => Array.from({ length: count }, (_, row) => ({ id: randomUUID(), item: aRow(row) }));

const aBatch = (batch: number): Batch => {
  const jobId = randomUUID();
  const items = [{ index: batch, line: 2, cells: [`Row ${batch}`] }];
  return { tenant: 'default', jobId, runId: jobId, batch, bytes: 10, items };
};

/** Opens a task store whose service writes at most `served` items of a call. Returns the sizes of the calls too. */
async function throttledWrites(served: number) {
  const client = documentClient();
  const table = await services.createTasksTable();
  const sizes: number[] = [];
  between<BatchWriteCommandInput, BatchWriteCommandOutput>(
    client,
    'BatchWriteItemCommand',
    async ({ input, carryOut }) => {
      const requests = input.RequestItems?.[table] ?? [];
      sizes.push(requests.length);
      const [now, later] = [requests.slice(0, served), requests.slice(served)];
      const response = now.length > 0 ? await carryOut({ RequestItems: { [table]: now } }) : { $metadata: {} };
      return { ...response, ...(later.length > 0 && { UnprocessedItems: { [table]: later } }) };
    },
  );
  return { tasks: new DynamoTasks(client, table, clock), sizes };
}

/** Opens a task store whose service reads at most `served` keys of a call. */
async function throttledReads(served: number) {
  const client = documentClient();
  const table = await services.createTasksTable();
  between<BatchGetCommandInput, BatchGetCommandOutput>(client, 'BatchGetItemCommand', async ({ input, carryOut }) => {
    const keys = input.RequestItems?.[table]?.Keys ?? [];
    const [now, later] = [keys.slice(0, served), keys.slice(served)];
    const request = { RequestItems: { [table]: { ...input.RequestItems?.[table], Keys: now } } };
    const response = now.length > 0 ? await carryOut(request) : { $metadata: {} };
    return { ...response, ...(later.length > 0 && { UnprocessedKeys: { [table]: { Keys: later } } }) };
  });
  return new DynamoTasks(client, table, clock);
}

type Entries = NonNullable<SendMessageBatchCommandInput['Entries']>;
type Sent = Partial<Pick<SendMessageBatchCommandOutput, 'Successful' | 'Failed'>>;

/** Opens a queue whose service takes only the entries that `take` returns, and reports what `report` returns. */
async function faultyQueue(take: (entries: Entries) => Entries, report: (response: Sent, left: Entries) => Sent) {
  const client = sqsClient();
  const queueUrl = await services.createQueue();
  const sizes: number[] = [];
  between<SendMessageBatchCommandInput, SendMessageBatchCommandOutput>(
    client,
    'SendMessageBatchCommand',
    async ({ input, carryOut }) => {
      const entries = input.Entries ?? [];
      sizes.push(entries.length);
      const now = take(entries);
      const none = { Successful: [], Failed: [], $metadata: {} };
      const response = now.length > 0 ? await carryOut({ ...input, Entries: now }) : none;
      return {
        ...response,
        ...report(
          response,
          entries.filter((entry) => !now.includes(entry)),
        ),
      };
    },
  );
  const arrived = async (): Promise<number[]> =>
    (await services.drain(queueUrl)).map((body) => Number(JSON.parse(body).batch)).toSorted((a, b) => a - b);
  return { queue: new SqsBatchQueue(client, queueUrl), sizes, arrived };
}

const failed = (left: Entries, SenderFault: boolean): Sent['Failed'] =>
  left.map(({ Id }) => ({ Id, SenderFault, Code: SenderFault ? 'InvalidMessageContents' : 'InternalError' }));

describe('a service that leaves part of a call undone', () => {
  it('gets exactly the unwritten items again', async () => {
    const { tasks, sizes } = await throttledWrites(10);
    const rows = someRows(25);
    await tasks.putRows('default', rows);
    expect(sizes).toEqual([25, 15, 5]);
    expect(
      await tasks.readMany(
        'default',
        rows.map(({ id }) => id),
      ),
    ).toEqual(rows);
  });

  it('gets exactly the unread keys again', async () => {
    const tasks = await throttledReads(20);
    const rows = someRows(60);
    await tasks.putRows('default', rows);
    expect(
      await tasks.readMany(
        'default',
        rows.map(({ id }) => id),
      ),
    ).toEqual(rows);
  });

  it.each([
    ['reported as failed', (left: Entries) => ({ Failed: failed(left, false) })],
    ['did not mention', () => ({})],
  ])('gets exactly the messages again that it %s', async (_, toReport) => {
    const takeOdd = (entries: Entries): Entries =>
      entries.filter((_, index) => entries.length === 1 || index % 2 === 1);
    const { queue, sizes, arrived } = await faultyQueue(takeOdd, (response, left) => ({
      ...response,
      ...toReport(left),
    }));
    await queue.send(Array.from({ length: 10 }, (_, batch) => aBatch(batch)));
    expect(sizes).toEqual([10, 5, 3, 2, 1]);
    expect(await arrived()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('gets messages again that it took but did not acknowledge, because a copy is harmless and a loss is not', async () => {
    let isFirst = true;
    const { queue, arrived } = await faultyQueue(
      (entries) => entries,
      (response) => {
        const reported = isFirst ? { Successful: response.Successful?.slice(2) ?? [] } : {};
        isFirst = false;
        return reported;
      },
    );
    await queue.send(Array.from({ length: 4 }, (_, batch) => aBatch(batch)));
    expect(await arrived()).toEqual([0, 0, 1, 1, 2, 3]);
  });

  it('does not get a message again that it will never take', async () => {
    const { queue, sizes } = await faultyQueue(
      (entries) => entries.slice(1),
      (_, left) => ({ Failed: failed(left, true) }),
    );
    const sending = queue.send([aBatch(0), aBatch(1)]);
    await expect(sending).rejects.toBeInstanceOf(RefusedMessageError);
    await expect(sending).rejects.toThrow('InvalidMessageContents');
    expect(sizes).toEqual([2]);
  });

  it('is given up after a few seconds of throttling, and the error names the entries that are left', async () => {
    const { tasks: writing, sizes } = await throttledWrites(0);
    const reading = await throttledReads(0);
    const { queue } = await faultyQueue(
      () => [],
      () => ({}),
    );
    const [write, read, send] = [
      writing.putRows('default', someRows(3)),
      reading.readMany('default', [randomUUID()]),
      queue.send([aBatch(0)]),
    ];
    const name = 'StillRefusedError';
    await Promise.all([
      expect(write).rejects.toMatchObject({
        name,
        message: expect.stringMatching(/BatchWriteItem left 3 .* 8 attempts/),
      }),
      expect(read).rejects.toMatchObject({ name, message: expect.stringMatching(/BatchGetItem left 2 .* 8 attempts/) }),
      expect(send).rejects.toMatchObject({
        name,
        message: expect.stringMatching(/SendMessageBatch left 1 .* 8 attempts/),
      }),
    ]);
    expect(sizes).toEqual(Array.from({ length: 8 }, () => 3));
  });
});

describe('a failure without a response', () => {
  it('of a table reaches the caller, and does not look like a failed condition', async () => {
    const key = { tenant: 'default', jobId: randomUUID() };
    const jobs = new DynamoJobs(services.dynamo, 'no-such-table', clock);
    await expect(jobs.seal(key, { itemCount: 0, batchCount: 0 })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('of a bucket reaches the caller, and does not look like a missing source', async () => {
    const sources = new S3Sources(services.s3, 'no-such-bucket');
    const source = { key: 'uploads/a.csv', etag: 'abc', bytes: 10 };
    const reading = Array.fromAsync(sources.open(source, 0));
    await expect(reading).rejects.toMatchObject({ name: 'NoSuchBucket' });
    await expect(reading).rejects.not.toBeInstanceOf(SourceError);
  });

  it('in the middle of a body reaches the caller, after the bytes before it', async () => {
    const client = s3Client();
    const bucket = await services.createBucket();
    const bytes = Buffer.from('title\nfirst\nsecond\n');
    await new S3Uploads(client, bucket).put('uploads/a.csv', bytes);
    let etag = '';
    between<GetObjectCommandInput, GetObjectCommandOutput>(client, 'GetObjectCommand', async ({ input, carryOut }) => {
      const { IfMatch: _, ...anyVersion } = input;
      const response = await carryOut(anyVersion);
      etag = String(response.ETag);
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield bytes.subarray(0, 6);
        throw new Error('the connection was reset');
      }
      return { ...response, Body: broken() as unknown as NonNullable<GetObjectCommandOutput['Body']> };
    });
    const given: Uint8Array[] = [];
    const reading = async (): Promise<void> => {
      const source = { key: 'uploads/a.csv', etag, bytes: bytes.length };
      for await (const piece of new S3Sources(client, bucket).open(source, 0)) given.push(piece);
    };
    await expect(reading()).rejects.toThrow('the connection was reset');
    expect(Buffer.concat(given).toString()).toBe('title\n');
  });
});

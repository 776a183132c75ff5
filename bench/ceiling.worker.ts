// One client of the raw ceiling: writes its share of items, 25 in each call, as fast as it gets responses.
import { parentPort, workerData } from 'node:worker_threads';
import { BatchWriteItemCommand, DynamoDBClient, type WriteRequest } from '@aws-sdk/client-dynamodb';
import type { Share } from './ceiling.ts';

const WARM_UP_ITEMS = 1_000;

const { endpoint, region, table, first, count }: Share = workerData;
const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
const client = new DynamoDBClient({ endpoint, region, credentials });

/** Makes an item of the size of a task from the generated file. */
const toItem = (number: number): WriteRequest => ({
  PutRequest: {
    Item: {
      pk: { S: `TASK#${number % 16}` },
      sk: { S: `0193c5a8-7c1e-7d3f-9a55-${String(number).padStart(12, '0')}` },
      title: { S: `Task ${number}` },
      detail: { S: `What to do about ${number}` },
      dueAt: { S: '2027-03-01T08:00:00.000Z' },
      isComplete: { BOOL: number % 2 === 0 },
      createdAt: { S: '2026-01-31T08:00:00.000Z' },
      updatedAt: { S: '2026-01-31T08:00:00.000Z' },
    },
  },
});

async function write(from: number, to: number): Promise<void> {
  const items = Array.from({ length: to - from }, (_, index) => toItem(from + index));
  const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: items } }));
  const left = UnprocessedItems?.[table]?.length ?? 0;
  if (left > 0) throw new Error(`${left} of ${items.length} items were not written; the ceiling counts written ones.`);
}

async function writeItems(items: number): Promise<void> {
  for (let at = first; at < first + items; at += 25) await write(at, Math.min(at + 25, first + items));
}

async function writeShare(): Promise<void> {
  await writeItems(count);
  client.destroy();
  parentPort?.postMessage('done');
}

// The first writes are not timed: they open the connection and warm up both sides.
await writeItems(Math.min(WARM_UP_ITEMS, count));
parentPort?.once('message', () => void writeShare());
parentPort?.postMessage('ready');

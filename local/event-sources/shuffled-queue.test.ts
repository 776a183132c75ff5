import { describe, expect, it } from '@jest/globals';
import { ShuffledQueue } from './shuffled-queue.ts';
import type { SqsRecord } from './sqs-event.ts';
import type { MessageQueue } from './sqs-queue.ts';

const record = (messageId: string): SqsRecord => ({
  messageId,
  receiptHandle: '',
  body: '',
  attributes: {},
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: '',
  awsRegion: '',
});

/** A queue of so many messages, `0` first, which returns at most ten for each receive. */
class Queue implements MessageQueue {
  readonly waiting: SqsRecord[];
  readonly waits: number[] = [];
  readonly released: SqsRecord[] = [];

  constructor(count: number) {
    this.waiting = Array.from({ length: count }, (_, index) => record(String(index)));
  }
  async receive(count: number, waitSeconds: number) {
    this.waits.push(waitSeconds);
    return this.waiting.splice(0, Math.min(10, count));
  }
  async delete() {}
  async release(records: readonly SqsRecord[]) {
    this.released.push(...records);
  }
}

const { signal } = new AbortController();

/** Receives all messages of a queue, ten at a time, and returns their ids. */
async function receiveAll(queue: MessageQueue): Promise<readonly number[]> {
  const ids: number[] = [];
  for (;;) {
    const records = await queue.receive(10, 20, signal);
    if (records.length === 0) return ids;
    expect(records.length).toBeLessThanOrEqual(10);
    ids.push(...records.map(({ messageId }) => Number(messageId)));
  }
}

describe('a shuffled queue', () => {
  const inOrder = Array.from({ length: 3_000 }, (_, index) => index);

  it('delivers each message once, far from its position, and repeats the order for the same seed', async () => {
    const ids = await receiveAll(new ShuffledQueue(new Queue(3_000), 7));
    expect(ids.toSorted((a, b) => a - b)).toEqual(inOrder);
    const meanShift = ids.reduce((sum, id, at) => sum + Math.abs(id - at), 0) / ids.length;
    expect(meanShift).toBeGreaterThan(250);
    expect(await receiveAll(new ShuffledQueue(new Queue(3_000), 7))).toEqual(ids);
    expect(await receiveAll(new ShuffledQueue(new Queue(3_000), 8))).not.toEqual(ids);
  });

  it('waits for a message only if it holds none', async () => {
    const source = new Queue(25);
    const queue = new ShuffledQueue(source, 1);
    await receiveAll(queue);
    // The first receive takes all messages. Those that follow look for more. The last one waits.
    expect(source.waits).toEqual([20, 0, 0, 0, 0, 0, 20]);
  });

  it('releases the messages that it holds along with those that it delivered', async () => {
    const source = new Queue(25);
    const queue = new ShuffledQueue(source, 1);
    await queue.release(await queue.receive(10, 20, signal));
    expect(source.released.map(({ messageId }) => Number(messageId)).toSorted((a, b) => a - b)).toEqual(
      inOrder.slice(0, 25),
    );
    expect(await queue.receive(10, 20, signal)).toEqual([]);
  });
});

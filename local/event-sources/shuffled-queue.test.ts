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

/** A queue of so many messages, `0` first, which hands out ten a receive at most. */
class Line implements MessageQueue {
  readonly waiting: SqsRecord[];
  readonly waits: number[] = [];
  readonly givenBack: SqsRecord[] = [];

  constructor(count: number) {
    this.waiting = Array.from({ length: count }, (_, index) => record(String(index)));
  }
  async receive(count: number, waitSeconds: number) {
    this.waits.push(waitSeconds);
    return this.waiting.splice(0, Math.min(10, count));
  }
  async delete() {}
  async giveBack(records: readonly SqsRecord[]) {
    this.givenBack.push(...records);
  }
}

const { signal } = new AbortController();

/** The ids of all messages of a queue, in the order in which they are handed out, ten a receive. */
async function drained(queue: MessageQueue): Promise<readonly number[]> {
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

  it('hands out each message once, far from where it stood, by its seed', async () => {
    const ids = await drained(new ShuffledQueue(new Line(3_000), 7));
    expect(ids.toSorted((a, b) => a - b)).toEqual(inOrder);
    const meanShift = ids.reduce((sum, id, at) => sum + Math.abs(id - at), 0) / ids.length;
    expect(meanShift).toBeGreaterThan(250);
    expect(await drained(new ShuffledQueue(new Line(3_000), 7))).toEqual(ids);
    expect(await drained(new ShuffledQueue(new Line(3_000), 8))).not.toEqual(ids);
  });

  it('waits for a message only if it holds none', async () => {
    const line = new Line(25);
    const queue = new ShuffledQueue(line, 1);
    await drained(queue);
    // The first receive takes all there is; those that follow look for more; the last one waits.
    expect(line.waits).toEqual([20, 0, 0, 0, 0, 0, 20]);
  });

  it('gives back what it holds along with what it handed out', async () => {
    const line = new Line(25);
    const queue = new ShuffledQueue(line, 1);
    await queue.giveBack(await queue.receive(10, 20, signal));
    expect(line.givenBack.map(({ messageId }) => Number(messageId)).toSorted((a, b) => a - b)).toEqual(
      inOrder.slice(0, 25),
    );
    expect(await queue.receive(10, 20, signal)).toEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { aBatch, aRunningJob } from '../../../test/kit/factories.ts';
import type { Batch } from '../model/batch.ts';
import type { BatchQueue } from '../ports/messaging.ts';
import { Sender } from './sender.ts';

const batch = (number: number): Batch => aBatch(aRunningJob(), number);

/** A queue that responds when the test says so. */
class SlowQueue implements BatchQueue {
  readonly calls: { readonly batches: number[]; resolve(): void; reject(reason: unknown): void }[] = [];

  send(batches: readonly Batch[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.calls.push({ batches: batches.map((one) => one.batch), resolve, reject });
    });
  }

  get sent(): number[][] {
    return this.calls.map(({ batches }) => batches);
  }
}

/** Whether a promise is settled once everything that is ready has run. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const note = (): void => void (settled = true);
  promise.then(note, note);
  await new Promise(setImmediate);
  return settled;
}

const open = (batchesPerSend: number, sendsInFlight: number) => {
  const queue = new SlowQueue();
  return { queue, sender: new Sender(queue, { batchesPerSend, sendsInFlight }) };
};

describe('Sender', () => {
  it('sends batches in groups, and the rest when it is drained', async () => {
    const { queue, sender } = open(2, 9);
    for (const number of [0, 1, 2, 3, 4]) await sender.add(batch(number));
    expect(queue.sent).toEqual([
      [0, 1],
      [2, 3],
    ]);
    const drained = sender.drain();
    expect(queue.sent).toEqual([[0, 1], [2, 3], [4]]);
    for (const call of queue.calls) call.resolve();
    await drained;
  });

  it('waits for nothing if nothing was added', async () => {
    const { queue, sender } = open(2, 1);
    await sender.drain();
    await sender.waitForSends();
    expect(queue.sent).toEqual([]);
  });

  it('makes its caller wait while as many sends as allowed are under way', async () => {
    const { queue, sender } = open(1, 2);
    await sender.add(batch(0));
    const second = sender.add(batch(1));
    expect(await isSettled(second)).toBe(false);
    queue.calls[1]!.resolve();
    await second;
    expect(queue.sent).toEqual([[0], [1]]);
  });

  it('is drained only when every batch is acknowledged', async () => {
    const { queue, sender } = open(1, 9);
    await sender.add(batch(0));
    await sender.add(batch(1));
    const drained = sender.drain();
    queue.calls[1]!.resolve();
    expect(await isSettled(drained)).toBe(false);
    queue.calls[0]!.resolve();
    await drained;
  });

  it('rejects the next call with the first failure, and every call after it', async () => {
    const { queue, sender } = open(1, 9);
    await sender.add(batch(0));
    await sender.add(batch(1));
    const [first, second] = [new Error('first'), new Error('second')];
    queue.calls[1]!.reject(first);
    await isSettled(Promise.resolve());
    queue.calls[0]!.reject(second);
    await isSettled(Promise.resolve());
    await expect(sender.add(batch(2))).rejects.toBe(first);
    queue.calls[2]!.resolve();
    await expect(sender.drain()).rejects.toBe(first);
  });

  it('rejects the call that waits for room', async () => {
    const { queue, sender } = open(1, 1);
    const adding = sender.add(batch(0));
    queue.calls[0]!.reject(new Error('queue is down'));
    await expect(adding).rejects.toThrow('queue is down');
  });

  it('waits until no send is under way, also after a failure', async () => {
    const { queue, sender } = open(1, 9);
    await sender.add(batch(0));
    await sender.add(batch(1));
    const settled = sender.waitForSends();
    queue.calls[0]!.reject(new Error('queue is down'));
    expect(await isSettled(settled)).toBe(false);
    queue.calls[1]!.resolve();
    await settled;
  });
});

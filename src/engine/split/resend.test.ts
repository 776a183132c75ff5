import { describe, expect, it } from '@jest/globals';
import { aRunningJob } from '../../../test/kit/factories.ts';
import { LATE, lateFromCheck, namesFile, openFanOut, PLENTY, type FanOutOptions } from '../../../test/kit/fan-out.ts';
import type { Batch } from '../model/batch.ts';
import { segmentKey, segmentOf, type Checkpoint } from '../model/job.ts';
import type { Continuation, ResendContinuation } from '../model/continuation.ts';

/** Fans out and seals a job. Takes the batches that were sent out of the queue. */
async function fannedOut(count: number, options: FanOutOptions = {}) {
  const opened = await openFanOut(namesFile(count), options);
  await opened.run();
  const first = opened.messaging.sentBatches.splice(0);
  const { dataStart } = await opened.stored();
  return { ...opened, first, dataStart: dataStart! };
}
type FannedOut = Awaited<ReturnType<typeof fannedOut>>;

const record = async ({ job, ledger }: FannedOut, batches: Iterable<number>): Promise<void> => {
  for (const batch of batches) {
    await ledger.record(segmentKey(job, segmentOf(job.cut, batch)), [{ batch, succeeded: 2, failed: 0, bytes: 10 }]);
  }
};
const resendOf = ({ job: { tenant, jobId } }: FannedOut, from: Checkpoint, recovery = 1): ResendContinuation => ({
  kind: 'resend',
  tenant,
  jobId,
  from,
  recovery,
});
const copiesOf = (batches: readonly Batch[], recovery = 1): Batch[] => batches.map((batch) => ({ ...batch, recovery }));
const inOrder = (batches: readonly Batch[]): Batch[] => batches.toSorted((a, b) => a.batch - b.batch);

describe('sending again', () => {
  it.each([
    ['all batches, if none is recorded', []],
    ['the batches that are not recorded', [0, 2, 3, 7]],
    ['the last batch', [0, 1, 2, 3, 4, 5, 6, 7, 8]],
    ['the first batch', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['nothing, if all batches are recorded', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ])('sends %s, byte for byte as they were sent first', async (_, recorded) => {
    const file = await fannedOut(19);
    await record(file, recorded);
    const before = await file.stored();
    await file.fanOut.resume(resendOf(file, file.dataStart), PLENTY);
    const lacking = copiesOf(file.first.filter(({ batch }) => !recorded.includes(batch)));
    expect(inOrder(file.messaging.sentBatches)).toEqual(lacking);
    expect(JSON.stringify(inOrder(file.messaging.sentBatches))).toBe(JSON.stringify(lacking));
    expect(await file.stored()).toEqual({ ...before, resent: 1 });
    expect(file.messaging.sentContinuations).toEqual([]);
  });

  it('continues in another invocation before its time runs out, until all batches are sent', async () => {
    const file = await fannedOut(40, { pieceBytes: 32 });
    await record(file, [0, 1, 5, 11]);
    let next: Continuation | undefined = resendOf(file, file.dataStart);
    let runs = 0;
    for (; next && runs < 50; runs += 1) {
      await file.fanOut.resume(next, runs % 2 === 0 ? LATE : lateFromCheck(2));
      [next] = file.messaging.sentContinuations.splice(0);
    }
    expect(runs).toBeGreaterThan(3);
    expect(next).toBeUndefined();
    const lacking = copiesOf(file.first.filter(({ batch }) => ![0, 1, 5, 11].includes(batch)));
    expect(inOrder(file.messaging.sentBatches)).toEqual(lacking);
  });

  it('sends at least one batch, though it has no time from the beginning', async () => {
    const file = await fannedOut(10, { pieceBytes: 4 });
    await file.fanOut.resume(resendOf(file, file.dataStart), LATE);
    expect(file.messaging.sentContinuations).toEqual([
      resendOf(file, { byteOffset: 19, line: 4, nextItem: 2, nextBatch: 1 }),
    ]);
    expect(file.messaging.sentBatches).toEqual(copiesOf(file.first.slice(0, 1)));
    expect((await file.stored()).resent).toBeUndefined();
  });

  it('rejects if a send fails, and leaves nothing under way', async () => {
    const failure = new Error('queue is down');
    let underWay = 0;
    let isDown = false;
    const send = async (): Promise<void> => {
      underWay += 1;
      await new Promise(setImmediate);
      underWay -= 1;
      if (isDown) throw failure;
    };
    const file = await fannedOut(40, { ports: { batches: { send } } });
    isDown = true;
    await expect(file.fanOut.resume(resendOf(file, file.dataStart), PLENTY)).rejects.toBe(failure);
    expect(underWay).toBe(0);
    expect(file.messaging.sentContinuations).toEqual([]);
  });

  it('covers every recovery that was asked for until it begins, and none after that', async () => {
    const file = await fannedOut(10, { pieceBytes: 4 });
    const asked = { number: 3, tries: 3, progress: 0, dueAt: 0 };
    await file.jobs.recover(file.job, 0, asked);
    await file.fanOut.resume(resendOf(file, file.dataStart), LATE);
    const [next] = file.messaging.sentContinuations.splice(0);
    await file.jobs.recover(file.job, 3, { ...asked, number: 4 });
    await file.fanOut.resume(next!, PLENTY);
    expect(inOrder(file.messaging.sentBatches.splice(0))).toEqual(copiesOf(file.first, 3));
    expect((await file.stored()).resent).toBe(3);
    for (const covered of [1, 2, 3]) await file.fanOut.resume(resendOf(file, file.dataStart, covered), PLENTY);
    expect(file.messaging.sentBatches).toEqual([]);
    await file.fanOut.resume(resendOf(file, file.dataStart, 4), PLENTY);
    expect(inOrder(file.messaging.sentBatches)).toEqual(copiesOf(file.first, 4));
  });

  it.each(['CANCELLED', 'FAILED'] as const)('sends nothing of a job that is %s, but announces it', async (status) => {
    const file = await openFanOut(namesFile(4), { job: aRunningJob({ status }) });
    const { jobId, tenant } = file.job;
    const from = { byteOffset: 5, line: 2, nextItem: 0, nextBatch: 0 };
    for (let runs = 0; runs < 2; runs += 1) {
      await file.fanOut.resume({ kind: 'resend', tenant, jobId, from, recovery: 1 }, PLENTY);
    }
    expect(file.messaging.sentBatches).toEqual([]);
    expect(file.messaging.announced).toHaveLength(1);
  });

  it('fails a job whose source is gone, and announces it: its missing batches can never be sent', async () => {
    const file = await fannedOut(4);
    file.objects.remove(file.job.source.key);
    await file.fanOut.resume(resendOf(file, file.dataStart), PLENTY);
    expect(await file.stored()).toMatchObject({ status: 'FAILED', failure: { code: 'SOURCE_MISSING' } });
    expect(file.messaging.announced.at(-1)).toMatchObject({ kind: 'failed' });
  });

  it('does not fail a job if a segment was rolled up in between: it makes progress', async () => {
    const file = await fannedOut(8);
    const { objects, jobs, job } = file;
    objects.remove(job.source.key);
    const open = objects.open.bind(objects);
    objects.open = async function* openLate(source, from) {
      await jobs.close(job, { from: [], to: [[0, 0]], succeeded: 4, failed: 0, doneBytes: 1 });
      yield* open(source, from);
    };
    await file.fanOut.resume(resendOf(file, file.dataStart), PLENTY);
    expect(await file.stored()).toMatchObject({ status: 'IN_PROGRESS', closed: [[0, 0]] });
  });
});

describe('a continuation that sends nothing again', () => {
  it('continues the fan-out at its checkpoint', async () => {
    const whole = await fannedOut(20);
    const file = await openFanOut(namesFile(20), { pieceBytes: 32 });
    await file.run(LATE);
    const [continuation] = file.messaging.sentContinuations;
    await file.fanOut.resume(continuation!, PLENTY);
    expect(await file.stored()).toMatchObject({ seal: { itemCount: 20, batchCount: 10 } });
    expect(inOrder(file.messaging.sentBatches)).toEqual(whole.first);
  });
});

import { describe, expect, it } from '@jest/globals';
import { LATE, namesFile, openFanOut, PLENTY, type FanOutOptions } from '../../../test/kit/fan-out.ts';
import type { Job } from '../model/job.ts';
import { segmentsBegun } from '../model/job.ts';
import type { SplitContinuation } from '../model/continuation.ts';

/** Splits a file up to its third batch. The sweep sent its continuation `behind` batches earlier. */
async function begun(behind = 0, options: FanOutOptions = {}) {
  const file = await openFanOut(namesFile(40), { pieceBytes: 16, ...options });
  while ((await file.stored()).checkpoint.nextBatch < 3) await file.run(LATE);
  file.messaging.sentBatches.splice(0);
  file.messaging.sentContinuations.splice(0);
  const { tenant, jobId, checkpoint, attempt } = await file.stored();
  const continuation: SplitContinuation = {
    kind: 'split',
    tenant,
    jobId,
    attempt,
    nextBatch: checkpoint.nextBatch - behind,
    recovery: 2,
  };
  return { ...file, continuation };
}

describe('a continuation that a sweep asked for', () => {
  it('continues a file whose checkpoint has not moved, and passes its recovery on', async () => {
    const { fanOut, continuation, messaging } = await begun();
    await fanOut.resume(continuation, LATE);
    expect(messaging.sentBatches.length).toBeGreaterThan(0);
    expect(messaging.sentContinuations).toMatchObject([{ recovery: 2, nextBatch: expect.any(Number) }]);
  });

  it('is dropped if the file made progress without it', async () => {
    const { fanOut, continuation, messaging } = await begun(1);
    await fanOut.resume(continuation, PLENTY);
    expect(messaging).toMatchObject({ sentBatches: [], sentContinuations: [] });
  });

  it('is dropped if the file was resumed at another attempt', async () => {
    const { fanOut, continuation, messaging } = await begun();
    await fanOut.resume({ ...continuation, attempt: -1 }, PLENTY);
    expect(messaging.sentBatches).toEqual([]);
  });

  it('is not dropped when it is delivered again: its own fan-out may have made the progress', async () => {
    const { fanOut, continuation, stored } = await begun(1);
    await fanOut.resume(continuation, PLENTY, true);
    expect((await stored()).seal).toEqual({ itemCount: 40, batchCount: 20 });
  });

  it.each([
    ['stops when another fan-out is further', 2, undefined],
    ['continues from there if no sweep asked for it', undefined, { itemCount: 40, batchCount: 20 }],
  ])('%s', async (_, recovery, seal) => {
    let overtake: ((job: Job) => Promise<void>) | undefined;
    const file = await begun();
    const { jobs } = file;
    const advance = jobs.advance.bind(jobs);
    jobs.advance = async (key, checkpoint) => {
      const overtaking = overtake;
      overtake = undefined;
      await overtaking?.(await advance(key, checkpoint));
      return advance(key, checkpoint);
    };
    const { continuation } = file;
    overtake = async ({ checkpoint: at }) => {
      // The next two batches, as another fan-out cuts them.
      const other = await openFanOut(namesFile(40), { pieceBytes: 16, jobs });
      while ((await other.stored()).checkpoint.nextBatch < at.nextBatch + 2) await other.run(LATE);
    };
    const { recovery: __, ...plain } = continuation;
    await file.fanOut.resume(recovery === undefined ? plain : continuation, PLENTY);
    const job = await file.stored();
    expect(job.seal).toEqual(seal);
    expect(segmentsBegun(job)).toBeGreaterThan(2);
  });

  it('settles a file that was sealed meanwhile', async () => {
    const { fanOut, continuation, messaging, run, stored } = await begun(1);
    await run();
    messaging.sentBatches.splice(0);
    await fanOut.resume(continuation, PLENTY);
    expect(messaging.sentBatches).toEqual([]);
    expect((await stored()).status).toBe('IN_PROGRESS');
  });
});

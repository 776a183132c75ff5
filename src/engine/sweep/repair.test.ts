import { describe, expect, it } from '@jest/globals';
import { aCut, aRunningJob } from '../../../test/kit/factories.ts';
import { MemoryJobs, MemoryLedger } from '../../../test/kit/memory/index.ts';
import { segmentKey, type Job } from '../model/job.ts';
import { repairDrift } from './repair.ts';

/** Makes a job with so many closed segments of one batch, each with two successes, one failure and 30 bytes. */
async function closedJob(
  segments: number,
  drift: Partial<Job> = {},
): Promise<{ job: Job; jobs: MemoryJobs; ledger: MemoryLedger }> {
  const [jobs, ledger] = [new MemoryJobs(), new MemoryLedger()];
  const counts = { succeeded: 2 * segments, failed: segments, doneBytes: 30 * segments };
  const closed = segments === 0 ? [] : [[0, segments - 1] as const];
  const job = await jobs.create({
    ...aRunningJob({ cut: aCut({ batchesPerSegment: 1 }) }),
    ...counts,
    closed,
    ...drift,
  });
  for (let segment = 0; segment < segments; segment++) {
    await ledger.record(segmentKey(job, segment), [{ batch: segment, succeeded: 2, failed: 1, bytes: 30 }]);
  }
  return { job, jobs, ledger };
}

describe('repairDrift', () => {
  it.each([0, 1, 250])('finds nothing to repair where %d closed segments and the job agree', async (segments) => {
    const { job, jobs, ledger } = await closedJob(segments);
    expect(await repairDrift({ jobs, ledger }, job)).toBe(false);
    expect(await jobs.read(job)).toEqual(job);
  });

  it.each([{ succeeded: 7 }, { failed: 0 }, { doneBytes: 1 }])('makes %j what the ledger says', async (drift) => {
    const { job, jobs, ledger } = await closedJob(3, drift);
    expect(await repairDrift({ jobs, ledger }, job)).toBe(true);
    expect(await jobs.read(job)).toMatchObject({ succeeded: 6, failed: 3, doneBytes: 90 });
  });

  it('leaves numbers alone that were changed after they were read', async () => {
    const { job, jobs, ledger } = await closedJob(2, { succeeded: 0 });
    await jobs.close(job, { from: job.closed, to: [[0, 2]], succeeded: 2, failed: 1, doneBytes: 30 });
    await repairDrift({ jobs, ledger }, job);
    expect(await jobs.read(job)).toMatchObject({ succeeded: 2, closed: [[0, 2]] });
  });
});

import { beforeEach, describe, expect, it } from '@jest/globals';
import { aClock, aRunningJob, CREATED_AT } from '../../../test/kit/factories.ts';
import { MemoryJobs, MemoryMessaging } from '../../../test/kit/memory/index.ts';
import { complete } from './complete.ts';

const FULL = { seal: { itemCount: 4, batchCount: 2 }, closed: [[0, 0]], succeeded: 3, failed: 1 } as const;

let jobs: MemoryJobs;
beforeEach(() => {
  jobs = new MemoryJobs();
});

const completeAt = (at: number) =>
  complete({ jobs, continuations: new MemoryMessaging().continuations, clock: aClock(at) }, aRunningJob());

describe('complete', () => {
  it('makes a fully recorded job COMPLETED, though items failed', async () => {
    const job = await jobs.create(aRunningJob(FULL));
    const completed = { ...job, status: 'COMPLETED', completedAt: CREATED_AT + 9_000 };
    expect(await completeAt(CREATED_AT + 9_000)).toEqual(completed);
    expect(await jobs.read(job)).toEqual(completed);
  });

  it('does so once, whatever calls follow or run at once', async () => {
    const job = await jobs.create(aRunningJob(FULL));
    const results = await Promise.all([5, 6, 7].map((at) => completeAt(at)));
    results.push(await completeAt(8));
    const stored = await jobs.read(job);
    expect(results).toEqual(results.map(() => stored));
  });

  it.each(['FAILED', 'CANCELLED'] as const)('leaves a job that is %s as it is', async (status) => {
    const job = await jobs.create(aRunningJob({ ...FULL, status }));
    expect(await completeAt(1)).toEqual(job);
  });

  it.each([
    ['is not sealed', { closed: [[0, 0]] as const }],
    ['lacks a segment', { seal: { itemCount: 6, batchCount: 3 }, closed: [[0, 0]] as const }],
  ])('refuses a job that %s, whatever the event says', async (_, state) => {
    const job = await jobs.create(aRunningJob(state));
    await expect(completeAt(1)).rejects.toMatchObject({
      name: 'NotCompleteError',
      message: expect.stringContaining(job.jobId),
    });
    expect(await jobs.read(job)).toEqual(job);
  });

  it('rejects for a job that is not stored', async () => {
    await expect(completeAt(1)).rejects.toMatchObject({ name: 'UnknownJobError' });
  });
});

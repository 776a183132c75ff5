import { beforeEach, describe, expect, it } from '@jest/globals';
import { aClock, aCut, aRunningJob, CREATED_AT } from '../../../test/kit/factories.ts';
import { MemoryJobs, MemoryLedger, MemoryMessaging } from '../../../test/kit/memory/index.ts';
import { cancel } from './cancel.ts';
import { complete } from './complete.ts';
import { segmentKey, type Job } from '../model/job.ts';
import { settle } from './settle.ts';
import { checkTolerance } from './tolerance.ts';

const COMPLETE = { seal: { itemCount: 4, batchCount: 2 }, closed: [[0, 0]] } as const;
const counted = (succeeded: number, failed: number, changes: Partial<Job> = {}): Job =>
  aRunningJob({ succeeded, failed, ...changes });

describe('what a job tolerates', () => {
  it.each<[string, Job]>([
    ['anything, if no tolerance is given', counted(0, 5_000)],
    ['anything, also at its end', counted(0, 4, COMPLETE)],
    ['any percentage of fewer than 1,000 outcomes', counted(0, 999, { tolerance: { failedPercent: 1 } })],
    ['as much as the percentage allows', counted(950, 50, { tolerance: { failedPercent: 5 } })],
    ['as much as the percentage allows, at its end', counted(3, 1, { ...COMPLETE, tolerance: { failedPercent: 25 } })],
    ['as many as the count allows', counted(0, 10, { tolerance: { failedCount: 10 } })],
    ['no failure, if there is none', counted(4, 0, { ...COMPLETE, tolerance: { failedPercent: 0, failedCount: 0 } })],
    ['an end without outcomes', counted(0, 0, { ...COMPLETE, tolerance: { failedPercent: 0, failedCount: 0 } })],
    [
      'any percentage while segments are missing',
      counted(0, 2, { seal: COMPLETE.seal, tolerance: { failedPercent: 1 } }),
    ],
  ])('is %s', (_, job) => {
    expect(checkTolerance(job)).toBeUndefined();
  });

  it.each<[string, Job]>([
    ['a greater percentage, from 1,000 outcomes on', counted(949, 51, { tolerance: { failedPercent: 5 } })],
    ['a fraction of a percent more', counted(99_000, 501, { tolerance: { failedPercent: 0.5 } })],
    [
      'a greater percentage of few outcomes, at its end',
      counted(2, 2, { ...COMPLETE, tolerance: { failedPercent: 49 } }),
    ],
    ['one more, at once', counted(0, 11, { tolerance: { failedCount: 10 } })],
    ['the first, if none is tolerated', counted(0, 1, { tolerance: { failedCount: 0 } })],
    [
      'too many, though the percentage is right',
      counted(9_999, 1, { tolerance: { failedPercent: 5, failedCount: 0 } }),
    ],
    ['a greater percentage, though few', counted(0, 1_000, { tolerance: { failedPercent: 5, failedCount: 5_000 } })],
  ])('is not %s', (_, job) => {
    expect(checkTolerance(job)).toMatchObject({ code: 'TOO_MANY_FAILURES' });
  });

  it('is in the message, with what failed', () => {
    const job = counted(900, 100, { tolerance: { failedPercent: 5, failedCount: 80 } });
    expect(checkTolerance(job)?.message).toMatch(/^100 of 1000 rows failed; the file tolerates 5 % and 80 rows\./);
    expect(checkTolerance({ ...job, tolerance: { failedPercent: 5 } })?.message).toMatch(/tolerates 5 %\./);
    expect(checkTolerance({ ...job, tolerance: { failedCount: 0 } })?.message).toMatch(/tolerates 0 rows\./);
  });
});

describe('a job that fails too much', () => {
  let jobs: MemoryJobs;
  let ledger: MemoryLedger;
  let messaging: MemoryMessaging;
  beforeEach(() => {
    [jobs, ledger, messaging] = [new MemoryJobs(), new MemoryLedger(), new MemoryMessaging()];
  });

  const portsAt = (at: number) => ({
    jobs,
    ledger,
    announcer: messaging.announcer,
    continuations: messaging.continuations,
    clock: aClock(at),
  });
  const stored = async (job: Job): Promise<Job> => (await jobs.read(job))!;
  /** Creates a job whose segments have one batch of 400 items. */
  const create = (changes: Partial<Job> = {}): Promise<Job> =>
    jobs.create(aRunningJob({ cut: aCut({ itemsPerBatch: 400, batchesPerSegment: 1 }), ...changes }));
  async function deliver(job: Job, batch: number, failed: number, at = CREATED_AT): Promise<void> {
    const outcome = { batch, succeeded: 400 - failed, failed, bytes: 10 };
    const { segment } = await ledger.record(segmentKey(job, batch), [outcome]);
    await settle(portsAt(at), job, [segment]);
  }

  it('is stopped when its percentage can be checked, and not before', async () => {
    const job = await create({ tolerance: { failedPercent: 10 } });
    await deliver(job, 0, 400);
    await deliver(job, 1, 0);
    expect(await stored(job)).toMatchObject({ status: 'IN_PROGRESS', succeeded: 400, failed: 400 });
    await deliver(job, 2, 0, CREATED_AT + 3);
    const failure = { code: 'TOO_MANY_FAILURES', message: expect.stringContaining('400 of 1200') };
    expect(await stored(job)).toMatchObject({
      status: 'FAILED',
      completedAt: CREATED_AT + 3,
      failure,
      isAnnounced: true,
    });
    expect(messaging.announced).toMatchObject([{ kind: 'failed', failure }]);
  });

  it('is stopped at once by a count, sealed or not', async () => {
    for (const [jobId, seal] of Object.entries({ open: {}, sealed: { seal: { itemCount: 800, batchCount: 2 } } })) {
      const job = await create({ jobId, tolerance: { failedCount: 1 }, ...seal });
      await deliver(job, 1, 2);
      expect(await stored(job)).toMatchObject({ status: 'FAILED', failed: 2 });
    }
  });

  it('is never announced complete, though its last segment is closed', async () => {
    const job = await create({ tolerance: { failedPercent: 10 }, seal: { itemCount: 800, batchCount: 2 } });
    await deliver(job, 0, 0);
    await deliver(job, 1, 200);
    await deliver(job, 1, 200);
    expect(await stored(job)).toMatchObject({ status: 'FAILED', closed: [[0, 1]], succeeded: 600, failed: 200 });
    expect(messaging.announced.map(({ kind }) => kind)).toEqual(['failed']);
  });

  it('is announced with the same content, whatever is counted later', async () => {
    class Dying extends MemoryJobs {
      deaths = 1;
      override async markAnnounced(...args: Parameters<MemoryJobs['markAnnounced']>): Promise<Job> {
        if (this.deaths-- > 0) throw new Error('died');
        return super.markAnnounced(...args);
      }
    }
    jobs = new Dying();
    const job = await create({ tolerance: { failedCount: 0 } });
    await expect(deliver(job, 0, 1)).rejects.toThrow('died');
    await deliver(job, 1, 300);
    expect(await stored(job)).toMatchObject({ failed: 301, isAnnounced: true });
    expect(messaging.announced).toHaveLength(2);
    expect(messaging.announced[1]).toEqual(messaging.announced[0]);
    expect(messaging.announced[0]?.failure?.message).toContain('1 of 400');
  });

  it('is stopped once by workers that close its segments at the same time', async () => {
    const job = await create({ tolerance: { failedPercent: 10 }, seal: { itemCount: 4_000, batchCount: 10 } });
    await Promise.all(Array.from({ length: 10 }, (_, batch) => deliver(job, batch, 41, CREATED_AT + batch)));
    expect(await stored(job)).toMatchObject({ status: 'FAILED', closed: [[0, 9]], failed: 410 });
    expect(new Set(messaging.announced.map((event) => JSON.stringify(event))).size).toBe(1);
    expect(messaging.announced[0]).toMatchObject({ kind: 'failed' });
  });

  it('is checked again if a segment closes between the check and the end', async () => {
    class Raced extends MemoryJobs {
      rival: (() => Promise<unknown>) | undefined;
      override async finish(...args: Parameters<MemoryJobs['finish']>): Promise<Job> {
        const rival = this.rival;
        this.rival = undefined;
        await rival?.();
        return super.finish(...args);
      }
    }
    const raced = new Raced();
    jobs = raced;
    const job = await create({ tolerance: { failedPercent: 10 }, succeeded: 800 });
    // With the rival's segment the job is within its tolerance: 101 of 1,400 is less than 10 %.
    raced.rival = () => jobs.close(job, { from: [[0, 0]], to: [[0, 1]], succeeded: 400, failed: 0, doneBytes: 10 });
    await jobs.close(job, { from: [], to: [[0, 0]], succeeded: 99, failed: 101, doneBytes: 10 });
    expect(checkTolerance(await stored(job))).toBeDefined();
    await settle(portsAt(CREATED_AT), job, []);
    expect(await stored(job)).toMatchObject({ status: 'IN_PROGRESS', succeeded: 1_299, failed: 101 });
    expect(messaging.announced).toEqual([]);
  });

  it('stays cancelled if it was cancelled before', async () => {
    const job = await create({ tolerance: { failedCount: 0 } });
    await cancel(portsAt(CREATED_AT), job);
    await deliver(job, 0, 400);
    expect(await stored(job)).toMatchObject({ status: 'CANCELLED', failed: 400 });
    expect(messaging.announced.map(({ kind }) => kind)).toEqual(['cancelled']);
  });

  it('is not completed, whatever event arrives', async () => {
    const job = await create({ tolerance: { failedCount: 1 }, ...COMPLETE, closed: [[0, 1]], succeeded: 2, failed: 2 });
    await expect(complete(portsAt(CREATED_AT), job)).rejects.toMatchObject({ name: 'NotCompleteError' });
    expect(await stored(job)).toEqual(job);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aClock, aCut, aJob, aRunningJob, CREATED_AT } from '../../../test/kit/factories.ts';
import { MemoryJobs, MemoryLedger, MemoryMessaging } from '../../../test/kit/memory/index.ts';
import { segmentKey, segmentOf, START, type Job } from '../model/job.ts';
import { openSegments, progressOf, readProgress } from './progress.ts';
import { emptySegment, type SegmentRecord } from '../model/segment.ts';
import { settle } from './settle.ts';

const NOW = CREATED_AT + 11_000;

const aSegment = (job: Job, segment: number, changes: Partial<SegmentRecord> = {}): SegmentRecord => ({
  ...emptySegment(segmentKey(job, segment)),
  ...changes,
});

describe('the numbers of a job', () => {
  it('are all zero while it waits', () => {
    expect(progressOf(aJob(), [], NOW)).toEqual({
      itemCount: 0,
      totalIsFinal: false,
      succeeded: 0,
      failed: 0,
      unprocessed: 0,
      percent: 0,
      itemsPerSecond: 0,
      etaSeconds: null,
    });
  });

  it('add the open segments to what is rolled up', () => {
    const checkpoint = { ...START, nextItem: 100, nextBatch: 50 };
    const job = aRunningJob({ checkpoint, closed: [[0, 0]], succeeded: 3, failed: 1, doneBytes: 200 });
    const open = [
      aSegment(job, 1, { succeeded: 10, failed: 2, bytes: 40 }),
      aSegment(job, 2, { failed: 4, bytes: 10 }),
    ];
    expect(progressOf(job, open, NOW)).toEqual({
      itemCount: 100,
      totalIsFinal: false,
      succeeded: 13,
      failed: 7,
      unprocessed: 80,
      percent: 25,
      itemsPerSecond: 2,
      etaSeconds: 30,
    });
  });

  it('count at least the items that are done if the checkpoint is behind', () => {
    const job = aRunningJob({ checkpoint: { ...START, nextItem: 2, nextBatch: 1 } });
    expect(progressOf(job, [aSegment(job, 0, { succeeded: 6 })], NOW)).toMatchObject({ itemCount: 6, unprocessed: 0 });
  });

  it('do not reach 100 percent before the last item is done, whatever the bytes say', () => {
    const seal = { itemCount: 1_000_000, batchCount: 500_000 };
    const job = aRunningJob({ seal, succeeded: 999_999, doneBytes: 1_000 });
    expect(progressOf(job, [], NOW)).toMatchObject({ percent: 99.99, unprocessed: 1, totalIsFinal: true });
    expect(progressOf({ ...job, failed: 1 }, [], NOW)).toMatchObject({ percent: 100, unprocessed: 0, etaSeconds: 0 });
  });

  it('never are 100 percent without the total, though every byte is done', () => {
    expect(progressOf(aRunningJob({ succeeded: 5, doneBytes: 1_000 }), [], NOW).percent).toBe(99.99);
  });

  it('are complete for a sealed job without items', () => {
    const job = aRunningJob({ seal: { itemCount: 0, batchCount: 0 } });
    expect(progressOf(job, [], NOW)).toMatchObject({ itemCount: 0, percent: 100, etaSeconds: 0, itemsPerSecond: 0 });
  });

  it('are 0 percent of a source whose size is unknown or zero', () => {
    for (const source of [{ key: 'k' }, { key: 'k', etag: 'e', bytes: 0 }]) {
      expect(progressOf(aRunningJob({ source, succeeded: 1, doneBytes: 9 }), [], NOW).percent).toBe(0);
    }
  });

  it('do not change after the job has ended', () => {
    const ended = aRunningJob({
      status: 'COMPLETED',
      completedAt: CREATED_AT + 3_000,
      succeeded: 10,
      seal: { itemCount: 10, batchCount: 5 },
    });
    expect(progressOf(ended, [], NOW)).toMatchObject({ itemsPerSecond: 5, etaSeconds: 0 });
  });

  it('estimate no end for a job that ended before its items did', () => {
    const job = aRunningJob({ status: 'FAILED', completedAt: CREATED_AT + 2_000, succeeded: 10, doneBytes: 500 });
    expect(progressOf(job, [], NOW)).toMatchObject({ percent: 50, etaSeconds: null });
  });

  it('are not negative if the clock of another machine is behind', () => {
    const job = aRunningJob({ succeeded: 10, doneBytes: 500 });
    expect(progressOf(job, [], CREATED_AT)).toMatchObject({ itemsPerSecond: 0, etaSeconds: 0 });
  });
});

describe('open segments', () => {
  it('are those begun and not closed', () => {
    const job = aRunningJob({
      checkpoint: { ...START, nextBatch: 9 },
      closed: [
        [0, 1],
        [3, 3],
      ],
    });
    expect(openSegments(job)).toEqual([segmentKey(job, 2), segmentKey(job, 4)]);
  });
});

describe('readProgress', () => {
  /** Counts the segments that it is asked for. */
  class CountingLedger extends MemoryLedger {
    asked = 0;
    override read(keys: Parameters<MemoryLedger['read']>[0]) {
      this.asked += keys.length;
      return super.read(keys);
    }
  }

  it.each([
    ['NEW', 0],
    ['IN_PROGRESS', 3],
    ['COMPLETED', 0],
    ['FAILED', 3],
    ['CANCELLED', 3],
  ] as const)('of a job that is %s asks for %d segments', async (status, asked) => {
    const ledger = new CountingLedger();
    await readProgress(ledger, aRunningJob({ status, checkpoint: { ...START, nextBatch: 5 } }), NOW);
    expect(ledger.asked).toBe(asked);
  });

  it('keeps its bounds and only grows, in whatever order batches are recorded and rolled up and the job is sealed', async () => {
    const aHistory = fc.integer({ min: 1, max: 12 }).chain((batchCount) =>
      fc.record({
        batchCount: fc.constant(batchCount),
        order: fc.shuffledSubarray(
          Array.from({ length: batchCount }, (_, batch) => batch),
          { minLength: batchCount },
        ),
        sealAfter: fc.nat({ max: batchCount }),
        failed: fc.array(fc.nat({ max: 2 }), { minLength: batchCount, maxLength: batchCount }),
        settles: fc.array(fc.boolean(), { minLength: batchCount, maxLength: batchCount }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(aHistory, async ({ batchCount, order, sealAfter, failed, settles }) => {
        const [jobs, ledger, { announcer }] = [new MemoryJobs(), new MemoryLedger(), new MemoryMessaging()];
        const job = aRunningJob({
          cut: aCut({ batchesPerSegment: 3 }),
          source: { key: 'k', etag: 'e', bytes: batchCount * 20 + 7 },
        });
        await jobs.create(job);
        let before = { succeeded: 0, failed: 0, percent: 0, itemCount: 0 };
        const look = async (): Promise<void> => {
          const numbers = await readProgress(ledger, (await jobs.read(job))!, NOW);
          const { succeeded, failed, unprocessed, percent, itemCount, totalIsFinal } = numbers;
          expect(unprocessed).toBe(itemCount - succeeded - failed);
          expect(unprocessed).toBeGreaterThanOrEqual(0);
          expect(itemCount).toBeLessThanOrEqual(batchCount * 2);
          expect(succeeded).toBeGreaterThanOrEqual(before.succeeded);
          expect(failed).toBeGreaterThanOrEqual(before.failed);
          expect(percent).toBeGreaterThanOrEqual(before.percent);
          expect(itemCount).toBeGreaterThanOrEqual(before.itemCount);
          expect(percent === 100).toBe(totalIsFinal && unprocessed === 0);
          before = { succeeded, failed, percent, itemCount };
        };
        const advance = async (steps: number): Promise<void> => {
          if (steps < sealAfter)
            await jobs.advance(job, { byteOffset: 0, line: 1, nextItem: (steps + 1) * 2, nextBatch: steps + 1 });
          if (steps === sealAfter) await jobs.seal(job, { itemCount: batchCount * 2, batchCount });
          await look();
        };
        await look();
        for (const [step, batch] of order.entries()) {
          await advance(step);
          const key = segmentKey(job, segmentOf(job.cut, batch));
          const { segment } = await ledger.record(key, [
            { batch, succeeded: 2 - failed[step]!, failed: failed[step]!, bytes: 20 },
          ]);
          await look();
          if (settles[step]) await settle({ jobs, ledger, announcer, clock: aClock() }, job, [segment]);
          await look();
        }
        await advance(batchCount);
        expect(before.percent).toBe(100);
      }),
    );
  });
});

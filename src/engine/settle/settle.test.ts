import { beforeEach, describe, expect, it } from '@jest/globals';
import { aClock, aRunningJob, CREATED_AT } from '../../../test/kit/factories.ts';
import { MemoryJobs, MemoryLedger, MemoryMessaging } from '../../../test/kit/memory/index.ts';
import { segmentKey, segmentOf, type Job } from '../model/job.ts';
import type { Close } from '../ports/jobs.ts';
import type { SegmentRecord } from '../model/segment.ts';
import { eventOf, settle, settleSealed } from './settle.ts';
import { readJob } from '../stored-jobs.ts';

let jobs: MemoryJobs;
let ledger: MemoryLedger;
let messaging: MemoryMessaging;
beforeEach(() => {
  jobs = new MemoryJobs();
  ledger = new MemoryLedger();
  messaging = new MemoryMessaging();
});

const ports = () => ({ jobs, ledger, announcer: messaging.announcer, clock: aClock() });

/** Records batches with one success and one failure each; resolves to their segment. */
async function recorded(job: Job, ...batches: number[]): Promise<SegmentRecord> {
  const outcomes = batches.map((batch) => ({ batch, succeeded: 1, failed: 1, bytes: 10 }));
  return (await ledger.record(segmentKey(job, segmentOf(job.cut, batches[0]!)), outcomes)).segment;
}

const stored = (job: Job): Promise<Job> => readJob(jobs, job);
/** Segments of two batches; five batches are two full segments and a short one. */
const aSealedJob = (): Promise<Job> => jobs.create(aRunningJob({ seal: { itemCount: 10, batchCount: 5 } }));

describe('settle', () => {
  it('rolls a full segment up, once', async () => {
    const job = await jobs.create(aRunningJob());
    const full = await recorded(job, 0, 1);
    await settle(ports(), job, [full]);
    await settle(ports(), job, [full, full]);
    expect(await stored(job)).toMatchObject({ closed: [[0, 0]], succeeded: 2, failed: 2, doneBytes: 20 });
  });

  it('leaves a segment open that lacks a batch, or has none', async () => {
    const job = await jobs.create(aRunningJob());
    const [empty] = await ledger.read([segmentKey(job, 1)]);
    await settle(ports(), job, [await recorded(job, 1), empty!]);
    expect(await stored(job)).toEqual(job);
  });

  it('never closes a segment that the sealed job does not have', async () => {
    const job = await jobs.create(aRunningJob({ seal: { itemCount: 4, batchCount: 2 } }));
    const [beyond] = await ledger.read([segmentKey(job, 1)]);
    await settle(ports(), job, [beyond!]);
    expect(await stored(job)).toEqual(job);
  });

  it('rolls the last, short segment up only after the job is sealed', async () => {
    const job = await jobs.create(aRunningJob());
    const last = await recorded(job, 4);
    await settle(ports(), job, [last]);
    expect(await stored(job)).toMatchObject({ closed: [] });
    await jobs.seal(job, { itemCount: 10, batchCount: 5 });
    await settle(ports(), job, [last]);
    expect(await stored(job)).toMatchObject({ closed: [[2, 2]], succeeded: 1, failed: 1 });
  });

  it('rolls segments up out of order, and announces after the last one', async () => {
    const job = await aSealedJob();
    for (const batches of [[4], [0, 1]]) await settle(ports(), job, [await recorded(job, ...batches)]);
    expect(await stored(job)).toMatchObject({
      closed: [
        [0, 0],
        [2, 2],
      ],
    });
    expect(messaging.announced).toEqual([]);
    await settle(ports(), job, [await recorded(job, 2, 3)]);
    expect(await stored(job)).toMatchObject({ closed: [[0, 2]], succeeded: 5, failed: 5, doneBytes: 50 });
    expect(messaging.announced).toEqual([
      {
        kind: 'completed',
        tenant: job.tenant,
        jobId: job.jobId,
        eventId: job.jobId,
        originId: job.jobId,
        createdAt: CREATED_AT,
        counts: { items: 10, succeeded: 5, failed: 5 },
      },
    ]);
  });

  it('announces the same event at every delivery until the job is terminal, and never after', async () => {
    const job = await aSealedJob();
    const segments = [await recorded(job, 0, 1), await recorded(job, 2, 3), await recorded(job, 4)];
    await settle(ports(), job, segments);
    await settle(ports(), job, []);
    expect(messaging.announced).toHaveLength(2);
    expect(messaging.announced[1]).toEqual(messaging.announced[0]);
    await jobs.finish(job, { status: 'COMPLETED', at: 1, guard: { isSealed: true } });
    await settle(ports(), job, segments);
    expect(messaging.announced).toHaveLength(2);
  });

  it('counts what is recorded after the end of a job, and does not announce the end again', async () => {
    const job = await jobs.create(
      aRunningJob({ status: 'CANCELLED', isAnnounced: true, seal: { itemCount: 4, batchCount: 2 } }),
    );
    await settle(ports(), job, [await recorded(job, 0, 1)]);
    expect(await stored(job)).toMatchObject({ status: 'CANCELLED', succeeded: 2, failed: 2 });
    expect(messaging.announced).toEqual([]);
  });

  it.each([
    ['FAILED', 'failed', { failure: { code: 'NOT_TEXT', message: 'no text' } }],
    ['CANCELLED', 'cancelled', {}],
  ] as const)('announces a job that is %s until the announcement is noted', async (status, kind, more) => {
    const job = await jobs.create(aRunningJob({ status, ...more }));
    await settle(ports(), job, []);
    await settle(ports(), job, [await recorded(job, 0, 1)]);
    expect(messaging.announced).toEqual([eventOf(job, kind)]);
    expect(messaging.announced).toMatchObject([more]);
    expect(await stored(job)).toMatchObject({ status, isAnnounced: true, succeeded: 2 });
  });

  it('announces an end again that it could not note, with the same content though the counts have grown', async () => {
    class Dying extends MemoryJobs {
      override async markAnnounced(): Promise<Job> {
        throw new Error('died');
      }
    }
    jobs = new Dying();
    const job = await jobs.create(aRunningJob({ status: 'CANCELLED' }));
    await expect(settle(ports(), job, [])).rejects.toThrow('died');
    await expect(settle(ports(), job, [await recorded(job, 0, 1)])).rejects.toThrow('died');
    expect(messaging.announced).toEqual([eventOf(job, 'cancelled'), eventOf(job, 'cancelled')]);
  });

  it('sees a seal that is set after the delivery began', async () => {
    const early = await jobs.create(aRunningJob());
    const last = await recorded(early, 0);
    await jobs.seal(early, { itemCount: 2, batchCount: 1 });
    await settle(ports(), early, [last]);
    expect(messaging.announced).toHaveLength(1);
  });

  it('adds its segment to a set that another worker has changed in between', async () => {
    /** Before the first close, another worker closes another segment. */
    class Contended extends MemoryJobs {
      rival: { readonly job: Job; readonly close: Close } | undefined;
      override async close(...args: Parameters<MemoryJobs['close']>) {
        const rival = this.rival;
        this.rival = undefined;
        if (rival) await super.close(rival.job, rival.close);
        return super.close(...args);
      }
    }
    const contended = new Contended();
    jobs = contended;
    const job = await aSealedJob();
    const close = (segment: number) => ({
      from: [],
      to: [[segment, segment]] as const,
      succeeded: 7,
      failed: 0,
      doneBytes: 1,
    });
    contended.rival = { job, close: close(2) };
    await settle(ports(), job, [await recorded(job, 0, 1)]);
    expect(await stored(job)).toMatchObject({
      closed: [
        [0, 0],
        [2, 2],
      ],
      succeeded: 9,
      failed: 2,
      doneBytes: 21,
    });
    // The rival closes the same segment: it is counted once.
    const other = await jobs.create({ ...aRunningJob(), jobId: 'other' });
    contended.rival = { job: other, close: close(0) };
    await settle(ports(), other, [await recorded(other, 0, 1)]);
    expect(await stored(other)).toMatchObject({ closed: [[0, 0]], succeeded: 7, failed: 0 });
  });

  it('rejects for a job that is not stored', async () => {
    await expect(settle(ports(), aRunningJob(), [])).rejects.toMatchObject({
      name: 'UnknownJobError',
      message: expect.stringContaining(aRunningJob().jobId),
    });
  });
});

describe('settleSealed', () => {
  it('completes a job without items', async () => {
    const job = await jobs.create(aRunningJob({ seal: { itemCount: 0, batchCount: 0 } }));
    await settleSealed(ports(), job);
    expect(messaging.announced).toMatchObject([{ kind: 'completed', counts: { items: 0, succeeded: 0, failed: 0 } }]);
  });

  it('rolls up the last segment if it filled before the seal', async () => {
    const job = await aSealedJob();
    await settle(ports(), job, [await recorded(job, 0, 1), await recorded(job, 2, 3)]);
    await recorded(job, 4);
    await settleSealed(ports(), job);
    expect(await stored(job)).toMatchObject({ closed: [[0, 2]] });
    expect(messaging.announced).toHaveLength(1);
  });

  it('does nothing while batches are missing, or the job is not sealed', async () => {
    await settleSealed(ports(), await aSealedJob());
    await settleSealed(ports(), await jobs.create({ ...aRunningJob(), jobId: 'unsealed' }));
    expect(messaging.announced).toEqual([]);
  });
});

describe('an event', () => {
  it('of a failed job has its failure but no counts, which may still grow', () => {
    const failure = { code: 'NOT_TEXT', message: 'no text' };
    const event = eventOf(aRunningJob({ status: 'FAILED', succeeded: 5, failure }), 'failed');
    expect(event).toEqual({
      kind: 'failed',
      tenant: 'default',
      jobId: aRunningJob().jobId,
      eventId: aRunningJob().jobId,
      originId: aRunningJob().jobId,
      createdAt: CREATED_AT,
      failure,
    });
  });

  it('of a job that was resumed has an id of its own at each attempt', () => {
    const ids = [0, 1, 2].map((attempt) => eventOf(aRunningJob({ status: 'FAILED', attempt }), 'failed').eventId);
    expect(new Set(ids).size).toBe(3);
    expect(ids[0]).toBe(aRunningJob().jobId);
  });

  it('of a redrive names the job that it redrives', () => {
    const redriveOf = { jobId: 'origin', createdAt: 1, number: 1 };
    expect(eventOf(aRunningJob({ redriveOf }), 'completed')).toMatchObject({
      jobId: aRunningJob().jobId,
      eventId: aRunningJob().jobId,
      originId: 'origin',
    });
  });
});

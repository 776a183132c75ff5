import { beforeEach, describe, expect, it } from '@jest/globals';
import { aBatch, aClock, aDelivery, aJob, aRunningJob, CREATED_AT, Names } from '../../../test/kit/factories.ts';
import { PLENTY } from '../../../test/kit/fan-out.ts';
import { MemoryJobs, MemoryLedger, MemoryMessaging } from '../../../test/kit/memory/index.ts';
import { cancel } from './cancel.ts';
import { complete } from './complete.ts';
import { newJob, segmentKey, type Job } from '../model/job.ts';
import { Processor } from '../process/process.ts';
import { eventOf, settle } from './settle.ts';

const SEAL = { itemCount: 8, batchCount: 4 };
const AT = CREATED_AT + 7;

/** A rival acts once, after the job was read and before it is ended. */
class Raced extends MemoryJobs {
  rival: (() => Promise<unknown>) | undefined;
  override async finish(...args: Parameters<MemoryJobs['finish']>): Promise<Job> {
    const rival = this.rival;
    this.rival = undefined;
    await rival?.();
    return super.finish(...args);
  }
}

let jobs: Raced;
let ledger: MemoryLedger;
let messaging: MemoryMessaging;
let names: Names;
beforeEach(() => {
  [jobs, ledger, messaging, names] = [new Raced(), new MemoryLedger(), new MemoryMessaging(), new Names()];
});

const ports = () => ({
  jobs,
  ledger,
  failures: ledger,
  announcer: messaging.announcer,
  continuations: messaging.continuations,
  clock: aClock(AT),
});
const stop = (job: Job): Promise<Job> => cancel(ports(), job);
const stored = async (job: Job): Promise<Job> => (await jobs.read(job))!;
const close = (job: Job, segment: number): Promise<Job> =>
  jobs.close(job, {
    from: segment === 0 ? [] : [[0, segment - 1]],
    to: [[0, segment]],
    succeeded: 4,
    failed: 0,
    doneBytes: 40,
  });

describe('cancel', () => {
  it.each([
    ['waits for its object', newJob({ ...aJob(), source: { key: 'uploads/x.csv' } })],
    ['is new', aJob()],
    ['is being split', aRunningJob()],
    ['is sealed', aRunningJob({ seal: SEAL })],
    ['is sealed and nearly done', aRunningJob({ seal: SEAL, closed: [[0, 0]], succeeded: 4 })],
  ])('stops a job that %s, and announces that', async (_, state) => {
    const job = await jobs.create(state);
    const cancelled = await stop(job);
    expect(cancelled).toMatchObject({ ...job, status: 'CANCELLED', completedAt: AT });
    expect(await stored(job)).toEqual({ ...cancelled, isAnnounced: true });
    expect(messaging.announced).toEqual([eventOf(cancelled, 'cancelled')]);
    expect(messaging.announced[0]).not.toHaveProperty('counts');
  });

  it('changes nothing the second time', async () => {
    const job = await jobs.create(aRunningJob());
    await stop(job);
    const once = await stored(job);
    expect(await stop(job)).toEqual(once);
    await Promise.all([stop(job), stop(job)]);
    expect(await stored(job)).toEqual(once);
    expect(messaging.announced).toHaveLength(1);
  });

  it('announces when it is called again, if it could not before', async () => {
    const job = await jobs.create(aRunningJob());
    const refusing = { announce: () => Promise.reject(new Error('topic is down')) };
    await expect(cancel({ ...ports(), announcer: refusing }, job)).rejects.toThrow('topic is down');
    expect(await stored(job)).toMatchObject({ status: 'CANCELLED' });
    await stop(job);
    expect(messaging.announced).toEqual([eventOf(job, 'cancelled')]);
  });

  it('has one effect if it is called several times at once', async () => {
    const job = await jobs.create(aRunningJob());
    const results = await Promise.all([stop(job), stop(job), stop(job)]);
    expect(results.map(({ status }) => status)).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED']);
    expect(new Set(messaging.announced.map((event) => JSON.stringify(event))).size).toBe(1);
  });

  it('stops a job of which a segment closes in between', async () => {
    const job = await jobs.create(aRunningJob({ seal: SEAL }));
    jobs.rival = () => close(job, 0);
    expect(await stop(job)).toMatchObject({ status: 'CANCELLED', closed: [[0, 0]], succeeded: 4 });
  });

  it('stops a job that is sealed in between', async () => {
    const job = await jobs.create(aRunningJob());
    jobs.rival = () => jobs.seal(job, SEAL);
    expect(await stop(job)).toMatchObject({ status: 'CANCELLED', seal: SEAL });
  });

  const REFUSED = { name: 'NotCancellableError', message: expect.stringContaining(aJob().jobId) };

  it.each([
    ['its last segment closes', { seal: SEAL, closed: [[0, 0]] } as const, (job: Job) => close(job, 1)],
    ['it is sealed with nothing open', { closed: [[0, 1]] } as const, (job: Job) => jobs.seal(job, SEAL)],
    ['it is sealed empty', {}, (job: Job) => jobs.seal(job, { itemCount: 0, batchCount: 0 })],
  ])('comes too late if %s in between: its completion may be announced', async (_, state, act) => {
    const job = await jobs.create(aRunningJob(state));
    jobs.rival = () => act(job);
    await expect(stop(job)).rejects.toMatchObject({ ...REFUSED, status: expect.stringContaining('about to complete') });
    expect(await stored(job)).toMatchObject({ status: 'IN_PROGRESS' });
    await settle(ports(), job, []);
    expect(messaging.announced).toMatchObject([{ kind: 'completed' }]);
  });

  it('comes too late if every row has its outcome', async () => {
    const job = await jobs.create(aRunningJob({ seal: SEAL, closed: [[0, 1]] }));
    await expect(stop(job)).rejects.toMatchObject(REFUSED);
    expect(await stored(job)).toEqual(job);
  });

  it('comes too late if the job completes in between', async () => {
    const job = await jobs.create(aRunningJob({ seal: SEAL, closed: [[0, 0]] }));
    jobs.rival = async () => {
      await close(job, 1);
      await complete(ports(), job);
    };
    await expect(stop(job)).rejects.toMatchObject({ ...REFUSED, status: 'COMPLETED' });
    expect(messaging.announced).toEqual([]);
  });

  it.each(['COMPLETED', 'FAILED'] as const)('is refused for a job that is %s', async (status) => {
    const job = await jobs.create(aRunningJob({ status }));
    await expect(stop(job)).rejects.toMatchObject({ ...REFUSED, status });
    expect(await stored(job)).toEqual(job);
    expect(messaging.announced).toEqual([]);
  });

  it('is refused for a job that is not stored', async () => {
    await expect(stop(aJob())).rejects.toMatchObject({ name: 'UnknownJobError' });
  });
});

describe('what is under way when a job is cancelled', () => {
  it('is dropped if it waits; what is done stays done and counted', async () => {
    const job = await jobs.create(aRunningJob());
    const process = (...batches: number[]) =>
      new Processor(ports(), names).process(
        batches.map((batch) => aDelivery(aBatch(job, batch))),
        PLENTY,
      );
    await process(0);
    const cancelled = await stop(job);
    expect(await process(1, 2)).toEqual([]);
    expect(names.visible.map(([index]) => index)).toEqual([0, 1]);
    const [segment] = await ledger.read([segmentKey(job, 0)]);
    expect(segment).toMatchObject({ batches: new Set([0]), succeeded: 2 });
    expect(await stored(job)).toEqual({ ...cancelled, isAnnounced: true });
  });

  it('is counted if a worker had begun it', async () => {
    const job = await jobs.create(aRunningJob());
    class Slow extends Names {
      override async apply(...args: Parameters<Names['apply']>): Promise<void> {
        await stop(job);
        return super.apply(...args);
      }
    }
    await new Processor(ports(), new Slow()).process(
      [0, 1].map((batch) => aDelivery(aBatch(job, batch))),
      PLENTY,
    );
    expect(await stored(job)).toMatchObject({ status: 'CANCELLED', closed: [[0, 0]], succeeded: 4 });
    expect(new Set(messaging.announced.map((event) => JSON.stringify(event))).size).toBe(1);
  });
});

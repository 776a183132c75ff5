import { beforeEach, describe, expect, it } from '@jest/globals';
import { aClock, aJob, aRunningJob, CREATED_AT } from '../../test/kit/factories.ts';
import { MemoryJobs, MemoryMessaging } from '../../test/kit/memory/index.ts';
import { failStuck } from './fail-stuck.ts';
import type { Job } from './job.ts';

const AT = { byteOffset: 100, line: 12, nextItem: 10, nextBatch: 5 };
const LATER = { byteOffset: 120, line: 14, nextItem: 12, nextBatch: 6 };
const SEAL = { itemCount: 10, batchCount: 5 };

/** Somebody else acts after the job was read, before it is turned. */
class Raced extends MemoryJobs {
  rival: (() => Promise<unknown>) | undefined;
  override async finish(...args: Parameters<MemoryJobs['finish']>): Promise<Job> {
    await this.rival?.();
    return super.finish(...args);
  }
}

let jobs: Raced;
let messaging: MemoryMessaging;
beforeEach(() => {
  jobs = new Raced();
  messaging = new MemoryMessaging();
});

const giveUp = ({ tenant, jobId }: Job, nextBatch: number): Promise<void> => {
  const { continuations, announcer } = messaging;
  return failStuck(
    { jobs, announcer, continuations, clock: aClock(CREATED_AT + 9) },
    { tenant, jobId, attempt: 0, nextBatch },
  );
};
const stored = async (job: Job): Promise<Job> => (await jobs.read(job))!;
const continuationOf = ({ tenant, jobId }: Job, nextBatch: number) => ({ tenant, jobId, attempt: 0, nextBatch });

describe('a fan-out that was given up', () => {
  it('fails its job if it got no further, and announces that, once', async () => {
    const job = await jobs.create(aRunningJob({ checkpoint: AT }));
    await giveUp(job, 5);
    await giveUp(job, 5);
    const failure = { code: 'SPLIT_RETRIES_EXHAUSTED', message: expect.stringContaining('beyond row 11,') };
    expect(await stored(job)).toMatchObject({ status: 'FAILED', completedAt: CREATED_AT + 9, failure });
    expect(messaging.announced).toMatchObject([{ kind: 'failed', failure }]);
    expect(messaging.sentContinuations).toEqual([]);
  });

  it('fails a job whose header was never read', async () => {
    const job = await jobs.create(aJob());
    await giveUp(job, 0);
    expect(await stored(job)).toMatchObject({ status: 'FAILED', failure: { code: 'SPLIT_RETRIES_EXHAUSTED' } });
  });

  it('gets another message if it got on since the one before was sent', async () => {
    const job = await jobs.create(aRunningJob({ checkpoint: AT }));
    await giveUp(job, 4);
    expect(await stored(job)).toEqual(job);
    expect(messaging.sentContinuations).toEqual([continuationOf(job, 5)]);
    expect(messaging.announced).toEqual([]);
  });

  it('gets another message once the job is sealed: what is left to do is not reading', async () => {
    const job = await jobs.create(aRunningJob({ checkpoint: AT, seal: SEAL }));
    await giveUp(job, 5);
    expect(await stored(job)).toEqual(job);
    expect(messaging.sentContinuations).toEqual([continuationOf(job, 5)]);
  });

  it.each([
    ['moves the checkpoint', (job: Job) => jobs.advance(job, LATER), 6],
    ['seals the job', (job: Job) => jobs.seal(job, SEAL), 5],
  ])('gets another message if somebody %s in between', async (_, act, nextBatch) => {
    const job = await jobs.create(aRunningJob({ checkpoint: AT }));
    jobs.rival = () => act(job);
    await giveUp(job, 5);
    expect(await stored(job)).toMatchObject({ status: 'IN_PROGRESS' });
    expect(messaging.sentContinuations).toEqual([continuationOf(job, nextBatch)]);
    expect(messaging.announced).toEqual([]);
  });

  it.each([
    ['COMPLETED', []],
    ['CANCELLED', [{ kind: 'cancelled' }]],
    ['FAILED', [{ kind: 'failed', failure: { code: 'NOT_TEXT' } }]],
  ] as const)('leaves a job that is %s, but for announcing its end', async (status, announced) => {
    const failure = { code: 'NOT_TEXT', message: 'no text' };
    const job = await jobs.create(aRunningJob({ status, checkpoint: AT, ...(status === 'FAILED' && { failure }) }));
    await giveUp(job, 5);
    await giveUp(job, 5);
    expect(await stored(job)).toMatchObject({ status });
    expect(messaging.announced).toMatchObject(announced);
    expect(messaging.announced).toHaveLength(announced.length);
    expect(messaging.sentContinuations).toEqual([]);
  });

  it('is announced as what somebody made of it in between', async () => {
    const job = await jobs.create(aRunningJob({ checkpoint: AT }));
    jobs.rival = () => MemoryJobs.prototype.finish.call(jobs, job, { status: 'CANCELLED', at: 1, guard: {} });
    await giveUp(job, 5);
    expect(messaging.announced).toMatchObject([{ kind: 'cancelled' }]);
  });

  it('keeps the message of a job that is not stored', async () => {
    await expect(giveUp(aJob(), 0)).rejects.toMatchObject({ name: 'UnknownJobError' });
  });
});

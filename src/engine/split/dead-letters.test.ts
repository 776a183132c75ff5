import { beforeEach, describe, expect, it } from '@jest/globals';
import { aJob, aRunningJob, CREATED_AT } from '../../../test/kit/factories.ts';
import { LATE, PLENTY } from '../../../test/kit/fan-out.ts';
import { MemoryJobs, MemoryMessaging, MemoryTries } from '../../../test/kit/memory/index.ts';
import { FanOutDeadLetters } from './dead-letters.ts';
import type { Job } from '../model/job.ts';
import { DEADLY_TRIES, TRY_ENDS_AFTER_MILLISECONDS } from '../process/noted-tries.ts';
import type { Continuation, SplitContinuation } from '../model/continuation.ts';

const AT = { byteOffset: 100, line: 12, nextItem: 10, nextBatch: 5 };
const LATER = { byteOffset: 120, line: 14, nextItem: 12, nextBatch: 6 };
const SEAL = { itemCount: 10, batchCount: 5 };

/** A rival acts after the job was read, before it is finished. */
class Raced extends MemoryJobs {
  rival: (() => Promise<unknown>) | undefined;
  override async finish(...args: Parameters<MemoryJobs['finish']>): Promise<Job> {
    await this.rival?.();
    return super.finish(...args);
  }
}

let jobs: Raced;
let messaging: MemoryMessaging;
let tries: MemoryTries;
let now: number;
/** The calls of the fan-out. */
let resumed: [Continuation, number, boolean | undefined][];
/** How a fan-out ends. */
let fanOut: () => Promise<void>;
beforeEach(() => {
  jobs = new Raced();
  messaging = new MemoryMessaging();
  tries = new MemoryTries();
  now = CREATED_AT;
  resumed = [];
  fanOut = async () => undefined;
});

const handle = (deadLetter: Continuation, deadline = PLENTY): Promise<void> => {
  const { continuations, announcer } = messaging;
  const ports = { jobs, announcer, continuations, tries, clock: { now: () => now } };
  return new FanOutDeadLetters(ports, {
    resume: (continuation, time, isRepeated) => {
      resumed.push([continuation, time.remainingMilliseconds(), isRepeated]);
      return fanOut();
    },
  }).handle(deadLetter, deadline);
};

const messageOf = ({ tenant, jobId, attempt }: Job, nextBatch: number): SplitContinuation => ({
  kind: 'split',
  tenant,
  jobId,
  attempt,
  nextBatch,
});
const stored = async (job: Job): Promise<Job> => (await jobs.read(job))!;

/** Lets workers die over the fan-out, one after the other. */
async function die(job: Job, nextBatch: number, times = DEADLY_TRIES): Promise<void> {
  const before = fanOut;
  fanOut = () => new Promise(() => undefined);
  for (let death = 0; death < times; death += 1) {
    const calls = resumed.length;
    void handle(messageOf(job, nextBatch));
    while (resumed.length === calls) await Promise.resolve();
    now += TRY_ENDS_AFTER_MILLISECONDS;
  }
  fanOut = before;
}

describe('a dead letter of a fan-out', () => {
  it('is tried alone, as a repeated one, if the fan-out made no progress', async () => {
    const job = await jobs.create(aRunningJob({ checkpoint: AT }));
    await handle({ ...messageOf(job, 5), recovery: 3 });
    expect(resumed).toEqual([[{ ...messageOf(job, 5), recovery: 3 }, 60_000, true]]);
    expect(messaging.sentContinuations).toEqual([]);
    expect(await stored(job)).toEqual(job);
  });

  it.each([
    ['whether it is read in part', () => aRunningJob({ checkpoint: AT }), 5],
    ['or not at all', () => aJob(), 0],
  ])('never fails a file because a service fails, %s', async (_, made, nextBatch) => {
    const job = await jobs.create(made());
    fanOut = () => Promise.reject(new Error('S3 is out'));
    for (let receive = 0; receive < 20; receive += 1) {
      await expect(handle(messageOf(job, nextBatch))).rejects.toThrow('S3 is out');
      now += 15 * TRY_ENDS_AFTER_MILLISECONDS;
    }
    expect(await stored(job)).toEqual(job);
  });

  it('fails its job once three workers have died over it, and announces that, once', async () => {
    const job = await jobs.create(aRunningJob({ checkpoint: AT }));
    await die(job, 5);
    await handle(messageOf(job, 5));
    await handle(messageOf(job, 5));
    const failure = { code: 'SPLIT_RETRIES_EXHAUSTED', message: expect.stringContaining('from row 11.') };
    expect(await stored(job)).toMatchObject({ status: 'FAILED', completedAt: now, failure });
    expect(messaging.announced).toMatchObject([{ kind: 'failed', failure }]);
    expect(messaging.sentContinuations).toEqual([]);
    expect(resumed).toHaveLength(DEADLY_TRIES);
  });

  it('fails a job whose header was never read', async () => {
    const job = await jobs.create(aJob());
    await die(job, 0);
    await handle(messageOf(job, 0));
    expect(await stored(job)).toMatchObject({ status: 'FAILED', failure: { code: 'SPLIT_RETRIES_EXHAUSTED' } });
  });

  it('is tried again after two deaths; one success takes both back', async () => {
    const job = await jobs.create(aRunningJob({ checkpoint: AT }));
    for (let time = 0; time < 2; time += 1) {
      await die(job, 5, DEADLY_TRIES - 1);
      await handle(messageOf(job, 5));
    }
    expect(await stored(job)).toEqual(job);
  });

  it('begins another attempt without the deaths of the earlier one', async () => {
    const job = await jobs.create(aRunningJob({ checkpoint: AT }));
    await die(job, 5);
    await handle(messageOf(job, 5));
    const again = await jobs.reopen(await stored(job));
    await handle(messageOf(again, 5));
    expect(await stored(job)).toEqual(again);
    await die(again, 5);
    await handle(messageOf(again, 5));
    expect(await stored(job)).toMatchObject({ status: 'FAILED', attempt: 1 });
  });

  it('is not tried without the time to note how the try ended', async () => {
    const job = await jobs.create(aRunningJob({ checkpoint: AT }));
    await expect(handle(messageOf(job, 5), LATE)).rejects.toMatchObject({ name: 'OutOfTimeError' });
    expect(resumed).toEqual([]);
  });

  it('becomes another message if the fan-out made progress since', async () => {
    const job = await jobs.create(aRunningJob({ checkpoint: AT }));
    await handle(messageOf(job, 4));
    expect(await stored(job)).toEqual(job);
    expect(messaging.sentContinuations).toEqual([messageOf(job, 5)]);
    expect(messaging.announced).toEqual([]);
    expect(resumed).toEqual([]);
  });

  it('becomes another message once the job is sealed: the source is read to the end', async () => {
    const job = await jobs.create(aRunningJob({ checkpoint: AT, seal: SEAL }));
    await handle(messageOf(job, 5));
    expect(await stored(job)).toEqual(job);
    expect(messaging.sentContinuations).toEqual([messageOf(job, 5)]);
  });

  it.each([
    ['moves the checkpoint', (job: Job) => jobs.advance(job, LATER), 6],
    ['seals the job', (job: Job) => jobs.seal(job, SEAL), 5],
  ])('becomes another message if another fan-out %s in between', async (_, act, nextBatch) => {
    const job = await jobs.create(aRunningJob({ checkpoint: AT }));
    await die(job, 5);
    jobs.rival = () => act(job);
    await handle(messageOf(job, 5));
    expect(await stored(job)).toMatchObject({ status: 'IN_PROGRESS' });
    expect(messaging.sentContinuations).toEqual([messageOf(job, nextBatch)]);
    expect(messaging.announced).toEqual([]);
  });

  it.each([
    ['COMPLETED', []],
    ['CANCELLED', [{ kind: 'cancelled' }]],
    ['FAILED', [{ kind: 'failed', failure: { code: 'NOT_TEXT' } }]],
  ] as const)('only announces the end of a job that is %s', async (status, announced) => {
    const failure = { code: 'NOT_TEXT', message: 'no text' };
    const job = await jobs.create(aRunningJob({ status, checkpoint: AT, ...(status === 'FAILED' && { failure }) }));
    await handle(messageOf(job, 5));
    await handle(messageOf(job, 5));
    expect(await stored(job)).toMatchObject({ status });
    expect(messaging.announced).toMatchObject(announced);
    expect(messaging.announced).toHaveLength(announced.length);
    expect(messaging.sentContinuations).toEqual([]);
  });

  it('announces the end that another function gave the job in between', async () => {
    const job = await jobs.create(aRunningJob({ checkpoint: AT }));
    await die(job, 5);
    jobs.rival = () => MemoryJobs.prototype.finish.call(jobs, job, { status: 'CANCELLED', at: 1, guard: {} });
    await handle(messageOf(job, 5));
    expect(messaging.announced).toMatchObject([{ kind: 'cancelled' }]);
  });

  it('stays in the queue if its job is not stored', async () => {
    await expect(handle(messageOf(aJob(), 0))).rejects.toMatchObject({ name: 'UnknownJobError' });
  });
});

describe('a dead letter that reopens its job', () => {
  const failed = { code: 'SPLIT_RETRIES_EXHAUSTED', message: 'no' };
  const reopening = ({ tenant, jobId, attempt }: Job) => ({ kind: 'reopen', tenant, jobId, attempt }) as const;

  it('is sent again until it has, because a caller asked for it', async () => {
    const job = await jobs.create(aRunningJob({ checkpoint: AT, status: 'FAILED', failure: failed }));
    await handle(reopening(job));
    expect(messaging.sentContinuations).toEqual([reopening(job)]);
  });

  it('becomes a fan-out like any other once it has', async () => {
    const job = await jobs.create(aRunningJob({ checkpoint: AT, attempt: 1 }));
    await handle({ ...reopening(job), attempt: 0 });
    expect(messaging.sentContinuations).toEqual([messageOf(job, 5)]);
  });

  it('announces the end of a job that cannot be reopened', async () => {
    const failure = { code: 'NOT_TEXT', message: 'no text' };
    const job = await jobs.create(aRunningJob({ checkpoint: AT, status: 'FAILED', failure }));
    await handle(reopening(job));
    expect(messaging.sentContinuations).toEqual([]);
    expect(messaging.announced).toMatchObject([{ kind: 'failed', failure }]);
  });
});

describe('a dead letter that sends batches again', () => {
  const resending = ({ tenant, jobId }: Job) => ({ kind: 'resend', tenant, jobId, from: AT, recovery: 3 }) as const;

  it('has its sealed job settled, as the same recovery; the sweep sends again what is still lacking', async () => {
    const job = await jobs.create(aRunningJob({ checkpoint: AT, seal: SEAL }));
    await handle(resending(job));
    expect(messaging.sentContinuations).toEqual([{ ...messageOf(job, 5), recovery: 3 }]);
    expect(await stored(job)).toEqual(job);
  });

  it('announces the end of a job that has ended', async () => {
    const job = await jobs.create(aRunningJob({ checkpoint: AT, seal: SEAL, status: 'CANCELLED' }));
    await handle(resending(job));
    expect(messaging.sentContinuations).toEqual([]);
    expect(messaging.announced).toMatchObject([{ kind: 'cancelled' }]);
  });
});

it('a dead letter that plans a redrive is sent again, and fails nothing', async () => {
  const job = await jobs.create(aRunningJob({ checkpoint: AT, seal: SEAL, status: 'COMPLETED' }));
  const planning = { kind: 'plan', tenant: job.tenant, jobId: job.jobId, redrive: { number: 1 } } as const;
  await handle(planning);
  expect(messaging.sentContinuations).toEqual([planning]);
  expect(await stored(job)).toEqual(job);
});

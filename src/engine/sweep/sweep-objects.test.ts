import { beforeEach, describe, expect, it } from '@jest/globals';
import { aCut, aJob, aRunningJob, CREATED_AT } from '../../../test/kit/factories.ts';
import { MemoryJobs, MemoryLedger, MemoryMessaging, MemoryObjects } from '../../../test/kit/memory/index.ts';
import { NOTHING } from '../../../test/kit/swept-service.ts';
import { UnreadableJobError } from '../errors.ts';
import { newJob, type Job } from '../model/job.ts';
import type { Deadline } from '../ports/clock.ts';
import { jobOfObject } from '../split/receive.ts';
import {
  PAGE_TRIES,
  STILL_AFTER_MILLISECONDS,
  Sweep,
  PRESIGNED_EXPIRES_AFTER_MILLISECONDS,
  UPLOAD_EXPIRES_AFTER_MILLISECONDS,
  type SweepReport,
} from './sweep.ts';

const PREFIX = 'uploads/';
const TENANT = 'default';
const AT = { byteOffset: 25, line: 4, nextItem: 2, nextBatch: 1 };
const DATA_START = { byteOffset: 5, line: 2, nextItem: 0, nextBatch: 0 };

const failures: unknown[] = [];
let now: number;
let jobs: MemoryJobs;
let ledger: MemoryLedger;
let messaging: MemoryMessaging;
let objects: MemoryObjects;
const depths = { batches: async () => 0, continuations: async () => 0, completions: async () => 0 };
beforeEach(() => {
  now = CREATED_AT;
  const clock = { now: () => now };
  [jobs, ledger, messaging] = [new MemoryJobs(clock), new MemoryLedger(clock), new MemoryMessaging()];
  objects = new MemoryObjects(64, { objectsPerPage: 2 });
});

const ports = () => ({
  jobs,
  ledger,
  failures: ledger,
  sources: objects,
  manifests: objects,
  listing: objects,
  batches: messaging.batches,
  continuations: messaging.continuations,
  depths,
  announcer: messaging.announcer,
  clock: { now: () => now },
});
const rules = () => ({ jobs, clock: { now: () => now }, cut: aCut(), prefix: PREFIX, tenant: TENANT });
const PLENTY: Deadline = { remainingMilliseconds: () => 60_000 };
const sweep = (deadline = PLENTY): Promise<SweepReport> =>
  new Sweep(ports(), rules()).run(deadline, (reason) => failures.push(reason));
/** Waits until nothing counts as recent. */
const wait = (milliseconds = STILL_AFTER_MILLISECONDS + 1): void => void (now += milliseconds);
const stored = async (job: Job): Promise<Job> => (await jobs.read(job))!;
/** A job whose object is stored, so that no sweep adopts that. */
async function create(job: Job): Promise<Job> {
  await objects.put(job.source.key, Buffer.from('name\nAda\nBob\n'));
  return jobs.create({ ...job, source: { key: job.source.key, ...objects.version(job.source.key) } });
}
const running = (changes: Partial<Job> = {}): Promise<Job> =>
  create(aRunningJob({ dataStart: DATA_START, checkpoint: AT, ...changes }));
const begunWith = ({ tenant, jobId }: Job) => ({ kind: 'split', tenant, jobId, nextBatch: 0, attempt: 0, recovery: 1 });

describe('a sweep over objects', () => {
  /** An upload made the job, which waits for its object. */
  const waitingJob = (): Job => newJob({ ...aJob(), source: { key: aJob().source.key } });
  const put = (key: string, text = 'name\nAda\n'): Promise<void> => objects.put(key, Buffer.from(text));
  const version = (key: string) => ({ bucket: 'uploads-bucket', key, ...objects.version(key) });
  const allJobs = async (): Promise<readonly Job[]> => (await jobs.list({ tenant: TENANT, limit: 100 })).jobs;

  it('starts a job whose object is stored and whose event was lost', async () => {
    const job = await jobs.create(waitingJob());
    wait();
    await put(job.source.key);
    expect(await sweep()).toEqual({ ...NOTHING, started: 1 });
    expect(await stored(job)).toMatchObject({ source: objects.version(job.source.key) });
    expect(await sweep()).toEqual(NOTHING);
    wait();
    expect(await sweep()).toEqual({ ...NOTHING, resumed: 1 });
    expect(messaging.sentContinuations).toEqual([begunWith(job)]);
    expect(await allJobs()).toHaveLength(1);
  });

  it('leaves a job alone whose object is not stored yet', async () => {
    await jobs.create(waitingJob());
    wait();
    expect(await sweep()).toEqual(NOTHING);
    expect(messaging.sentContinuations).toEqual([]);
  });

  it('fails a job whose object is not stored after an hour, and announces it, once', async () => {
    const { etag: _, bytes: __, ...source } = aJob().source;
    const job = await jobs.create(newJob({ ...aJob(), source }));
    wait(UPLOAD_EXPIRES_AFTER_MILLISECONDS - 1);
    expect(await sweep()).toEqual(NOTHING);
    wait(1);
    expect(await sweep()).toEqual({ ...NOTHING, expired: 1 });
    const failure = { code: 'UPLOAD_EXPIRED' };
    expect(await stored(job)).toMatchObject({ status: 'FAILED', failure, isAnnounced: true });
    expect(messaging.announced).toMatchObject([{ kind: 'failed', failure }]);
    wait();
    expect(await sweep()).toEqual(NOTHING);
  });

  it('waits a day for the source of a presigned upload', async () => {
    const { etag: _, bytes: __, ...source } = aJob().source;
    const job = await jobs.create(newJob({ ...aJob(), source, presigned: {} }));
    wait(PRESIGNED_EXPIRES_AFTER_MILLISECONDS - 1);
    expect(await sweep()).toEqual(NOTHING);
    wait(1);
    expect(await sweep()).toEqual({ ...NOTHING, expired: 1 });
    expect(await stored(job)).toMatchObject({ status: 'FAILED', failure: { code: 'UPLOAD_EXPIRED' } });
  });

  it('does not fail a job whose event arrives at that moment', async () => {
    const { etag: _, bytes: __, ...source } = aJob().source;
    const job = await jobs.create(newJob({ ...aJob(), source }));
    wait(UPLOAD_EXPIRES_AFTER_MILLISECONDS);
    const finish = jobs.finish.bind(jobs);
    jobs.finish = async (...args) => {
      await jobs.pin(job, { key: source.key, etag: 'v1', bytes: 1 });
      return finish(...args);
    };
    await sweep();
    expect(await stored(job)).toMatchObject({ status: 'NEW', source: { etag: 'v1' } });
    expect(messaging.announced).toEqual([]);
  });

  it('adopts an object that was put straight into the store and whose event was lost, once', async () => {
    await put(`${PREFIX}people/my names.csv`);
    expect(await sweep()).toEqual({ ...NOTHING, adopted: 1 });
    const [job] = await allJobs();
    expect(job).toMatchObject({ name: 'my names.csv', status: 'NEW', source: objects.version(job!.source.key) });
    expect(await sweep()).toEqual(NOTHING);
    wait();
    expect(await sweep()).toEqual({ ...NOTHING, resumed: 1 });
    expect(messaging.sentContinuations).toEqual([begunWith(job!)]);
    // The event arrives after all, and leads to the same job.
    expect(await jobOfObject(rules(), version(job!.source.key))).toMatchObject(job!);
  });

  it('does not adopt an object that has a job, however it was made and however it ended', async () => {
    const direct = `${PREFIX}a.csv`;
    await put(direct);
    const one = await jobOfObject(rules(), version(direct));
    const other = await running();
    for (const job of [one, other]) await jobs.finish(job, { status: 'CANCELLED', at: 1, guard: {} });
    for (const job of [one, other]) await jobs.markAnnounced(job);
    wait();
    expect(await sweep()).toEqual(NOTHING);
    expect(await allJobs()).toHaveLength(2);
  });

  it('adopts another version under the key of a job, and another object that claims its id', async () => {
    const job = await running();
    await put(job.source.key, 'name\nsomebody else\n');
    await put(`${PREFIX}${TENANT}/${job.jobId}/other.csv`);
    expect(await sweep()).toMatchObject({ adopted: 2 });
    expect(await sweep()).toEqual(NOTHING);
    expect(await allJobs()).toHaveLength(3);
    expect(await stored(job)).toEqual(job);
  });

  it('does not turn a page before each of its objects has a job, however little time it has', async () => {
    for (const name of ['a', 'b', 'c']) await put(`${PREFIX}${name}.csv`);
    let checks = 0;
    const forOne = { remainingMilliseconds: () => (++checks > 1 ? 29_999 : 30_000) };
    expect(await sweep(forOne)).toMatchObject({ adopted: 1 });
    expect(await sweep({ remainingMilliseconds: () => 29_999 })).toMatchObject({ adopted: 0 });
    expect(await sweep()).toMatchObject({ adopted: 1 });
    expect(await sweep()).toMatchObject({ adopted: 1 });
    expect(await allJobs()).toHaveLength(3);
  });

  it('keeps the page of an object that cannot be adopted for some sweeps, then turns it', async () => {
    for (const name of ['a', 'b', 'c']) await put(`${PREFIX}${name}.csv`);
    const create = jobs.create.bind(jobs);
    jobs.create = (job) => (job.name === 'a.csv' ? Promise.reject(new Error('throttled')) : create(job));
    for (let times = 0; times <= PAGE_TRIES; times += 1) {
      expect(await sweep()).toMatchObject({ adopted: times === 0 ? 1 : 0, failed: 1 });
    }
    expect(await sweep()).toMatchObject({ adopted: 1, failed: 0 });
    expect(await sweep()).toMatchObject({ adopted: 0, failed: 1 });
    jobs.create = create;
    expect(await sweep()).toMatchObject({ adopted: 1, failed: 0 });
  });

  it('adopts a minute later an object that an outage kept from it', async () => {
    for (const name of ['a', 'b', 'c']) await put(`${PREFIX}${name}.csv`);
    const create = jobs.create.bind(jobs);
    jobs.create = () => Promise.reject(new Error('throttled'));
    expect(await sweep()).toMatchObject({ adopted: 0, failed: 2 });
    jobs.create = create;
    expect(await sweep()).toMatchObject({ adopted: 2, failed: 0 });
    expect(await sweep()).toMatchObject({ adopted: 1, failed: 0 });
  });

  it('counts an object as adopted whose job is stored and unreadable, reports the job, and continues', async () => {
    const named = waitingJob();
    for (const key of [named.source.key, `${PREFIX}a.csv`, `${PREFIX}b.csv`]) await put(key);
    await jobs.create(named);
    await jobOfObject(rules(), version(`${PREFIX}a.csv`));
    const readMany = jobs.readMany.bind(jobs);
    jobs.readMany = async (keys) => {
      const { jobs: found } = await readMany(keys);
      const unreadable = found.map(({ tenant, jobId }) => new UnreadableJobError(tenant, jobId, 'a later version'));
      return { jobs: [], unreadable };
    };
    failures.length = 0;
    const reports = [await sweep(), await sweep()];
    expect(reports.reduce((sum, { adopted }) => sum + adopted, 0)).toBe(1);
    const adoptable = (await allJobs()).find(({ name }) => name === 'b.csv')!.jobId;
    const known = (await allJobs()).map(({ jobId }) => jobId).filter((jobId) => jobId !== adoptable);
    const told = failures.map((reason) => (reason instanceof UnreadableJobError ? reason.jobId : String(reason)));
    expect(told.toSorted()).toEqual(known.toSorted());
  });

  it('looks at jobs though the objects cannot be listed', async () => {
    const job = await running();
    wait();
    objects.page = () => Promise.reject(new Error('the bucket is down'));
    failures.length = 0;
    expect(await sweep()).toMatchObject({ failed: 1, resumed: 1 });
    expect(failures).toEqual([new Error('the bucket is down')]);
    expect(messaging.sentContinuations).toMatchObject([{ jobId: job.jobId }]);
  });

  it('reads again, consistently, before it adopts an object whose job a read that lags does not show', async () => {
    await put(`${PREFIX}a.csv`);
    await jobOfObject(rules(), version(`${PREFIX}a.csv`));
    jobs.readMany = async () => ({ jobs: [], unreadable: [] });
    expect(await sweep()).toEqual(NOTHING);
    expect(messaging.sentContinuations).toEqual([]);
  });

  it('makes one job of an object, though sweeps and its event handle it at once', async () => {
    await put(`${PREFIX}names.csv`);
    await Promise.all([sweep(), jobOfObject(rules(), version(`${PREFIX}names.csv`)), sweep()]);
    expect(await allJobs()).toHaveLength(1);
  });

  it('reaches all objects, a page at a time', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await put(`${PREFIX}${name}.csv`);
    await put('reports/a.csv');
    const adopted: number[] = [];
    for (let minutes = 0; minutes < 6; minutes += 1) adopted.push((await sweep()).adopted);
    expect(adopted).toEqual([2, 2, 1, 0, 0, 0]);
    expect((await allJobs()).map(({ name }) => name).toSorted()).toEqual(
      ['a', 'b', 'c', 'd', 'e'].map((n) => `${n}.csv`),
    );
  });
});

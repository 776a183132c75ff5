import { beforeEach, describe, expect, it } from '@jest/globals';
import { aClock, aCut, aJob, CREATED_AT } from '../../../test/kit/factories.ts';
import { MemoryJobs } from '../../../test/kit/memory/index.ts';
import { newJob, type Job } from '../model/job.ts';
import type { ReceivedObject } from '../ports/source.ts';
import { hasJob, jobOfObject } from './receive.ts';

const PREFIX = 'uploads/';
const JOB_ID = '01948f3c-2c00-7000-8000-000000000001';
const KEY = `${PREFIX}default/${JOB_ID}/names.csv`;

const anObject = (changes: Partial<ReceivedObject> = {}): ReceivedObject => ({
  bucket: 'bucket',
  key: KEY,
  etag: 'v1',
  bytes: 100,
  ...changes,
});

/** An upload made the job, which waits for its object. */
const waiting = (key = KEY): Job => {
  const { etag: _, bytes: __, ...source } = { ...aJob().source, key };
  return newJob({ ...aJob(), jobId: JOB_ID, source });
};

let jobs: MemoryJobs;
beforeEach(() => {
  jobs = new MemoryJobs();
});

const rulesAt = (at: number) => ({
  jobs,
  clock: aClock(at),
  cut: aCut({ itemsPerBatch: 7 }),
  prefix: PREFIX,
  tenant: 'owner',
});
const receive = (object = anObject(), at = CREATED_AT): Promise<Job> => jobOfObject(rulesAt(at), object);

describe('an object that a job waits for', () => {
  it('is pinned to that job, which keeps its own rules', async () => {
    const job = await jobs.create(waiting());
    const pinned = { ...job, source: { key: KEY, etag: 'v1', bytes: 100 } };
    expect(await receive()).toEqual(pinned);
    expect(await jobs.read(job)).toEqual(pinned);
  });

  it('leads to the same job with every event, also when the job has ended', async () => {
    await jobs.create(waiting());
    const job = await receive();
    expect(await receive()).toEqual(job);
    await jobs.finish(job, { status: 'FAILED', at: 1, guard: { isSealed: false } });
    expect(await receive()).toMatchObject({ jobId: JOB_ID, status: 'FAILED' });
  });

  it('becomes another job in another version', async () => {
    await jobs.create(waiting());
    await receive();
    const other = await receive(anObject({ etag: 'v2' }));
    expect(other).toMatchObject({ tenant: 'owner', source: { key: KEY, etag: 'v2' } });
    expect(other.jobId).not.toBe(JOB_ID);
    expect(await jobs.read(waiting())).toMatchObject({ source: { etag: 'v1' } });
  });

  it('in two versions at once is the job for one of them, and another job for the other', async () => {
    await jobs.create(waiting());
    const results = await Promise.all(['v1', 'v2'].map((etag) => receive(anObject({ etag }))));
    expect(results.map(({ source }) => source.etag)).toEqual(['v1', 'v2']);
    expect(results.filter(({ jobId }) => jobId === JOB_ID)).toHaveLength(1);
  });
});

describe('an object that no job waits for', () => {
  it('becomes a job of its own, with the rules in force', async () => {
    const job = await receive(anObject({ key: `${PREFIX}people/my names.csv` }));
    expect(job).toMatchObject({
      tenant: 'owner',
      name: 'my names.csv',
      status: 'NEW',
      cut: aCut({ itemsPerBatch: 7 }),
      source: { key: `${PREFIX}people/my names.csv`, etag: 'v1', bytes: 100 },
      createdAt: CREATED_AT,
    });
    expect(await jobs.read(job)).toEqual(job);
  });

  it('has the tolerance in force', async () => {
    const tolerance = { failedPercent: 5 };
    expect(await jobOfObject({ ...rulesAt(CREATED_AT), tolerance }, anObject())).toMatchObject({ tolerance });
  });

  it('becomes one job, though its event arrives twice', async () => {
    const object = anObject({ key: `${PREFIX}names.csv` });
    const [first, second] = await Promise.all([receive(object), receive(object, CREATED_AT + 1)]);
    expect(second).toEqual(first);
    expect((await jobs.list({ tenant: 'owner', limit: 5 })).jobs).toHaveLength(1);
  });

  it('is not the job whose id is in its key', async () => {
    await jobs.create(waiting());
    const other = await receive(anObject({ key: `${PREFIX}default/${JOB_ID}/other.csv` }));
    expect(other.jobId).not.toBe(JOB_ID);
    expect(await jobs.read(waiting())).toEqual(waiting());
  });

  it('is not the job whose id is in its key if that was never stored', async () => {
    expect((await receive()).jobId).not.toBe(JOB_ID);
  });

  it('is identified by bucket, key and ETag alone, which every event and every listing has', async () => {
    const { jobId } = await receive();
    expect((await receive(anObject({ bytes: 7 }))).jobId).toBe(jobId);
    for (const other of [{ bucket: 'other' }, { key: `${PREFIX}other.csv` }, { etag: 'v2' }]) {
      expect((await receive(anObject(other))).jobId).not.toBe(jobId);
    }
  });
});

describe('an object has its job', () => {
  const isKnown = (object = anObject()): Promise<boolean> => hasJob(rulesAt(CREATED_AT), object);

  it('if a job waits for it, also before a version is pinned: the event may be on its way', async () => {
    await jobs.create(waiting());
    expect(await isKnown()).toBe(true);
    await receive();
    expect(await isKnown()).toBe(true);
    expect(await isKnown(anObject({ etag: 'v2' }))).toBe(false);
    await receive(anObject({ etag: 'v2' }));
    expect(await isKnown(anObject({ etag: 'v2' }))).toBe(true);
  });

  it('once it has one of its own, whatever id is in its key', async () => {
    await jobs.create(waiting());
    for (const key of [`${PREFIX}names.csv`, `${PREFIX}default/${JOB_ID}/other.csv`]) {
      expect(await isKnown(anObject({ key }))).toBe(false);
      await receive(anObject({ key }));
      expect(await isKnown(anObject({ key }))).toBe(true);
    }
    expect((await jobs.list({ tenant: 'default', limit: 5 })).jobs).toEqual([waiting()]);
  });

  it('or not, and the check changes nothing', async () => {
    const job = await jobs.create(waiting());
    await isKnown();
    expect(await jobs.read(job)).toEqual(job);
    expect((await jobs.list({ tenant: 'owner', limit: 5 })).jobs).toEqual([]);
  });
});

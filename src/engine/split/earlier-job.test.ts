import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { aClock, aJob, aRunningJob } from '../../../test/kit/factories.ts';
import { MemoryContents, MemoryJobs, MemoryLedger } from '../../../test/kit/memory/index.ts';
import type { Clock } from '../ports/clock.ts';
import { findEarlierJob, findSimilarJob } from './earlier-job.ts';
import { UnreadableJobError } from '../errors.ts';
import { segmentKey, type Job } from '../model/job.ts';

let ports: { jobs: MemoryJobs; ledger: MemoryLedger; contents: MemoryContents; clock: Clock };
beforeEach(() => {
  ports = { jobs: new MemoryJobs(), ledger: new MemoryLedger(), contents: new MemoryContents(), clock: aClock() };
});

const stored = (changes: Partial<Job> = {}): Promise<Job> =>
  ports.jobs.create(aJob({ jobId: randomUUID(), ...changes }));
const rows = (count: number, from = 0): string[][] =>
  Array.from({ length: count }, (_, index) => [`row ${from + index}`, 'yes']);

describe('the job of the same bytes', () => {
  it('is the latest one', async () => {
    const [first, second, third] = [await stored(), await stored(), await stored()];
    expect(await findEarlierJob(ports, first, 'digest')).toBeUndefined();
    expect(await findEarlierJob(ports, second, 'digest')).toBe(first.jobId);
    expect(await findEarlierJob(ports, third, 'digest')).toBe(second.jobId);
    expect(await findEarlierJob(ports, third, 'another')).toBeUndefined();
  });

  it('is not the job itself, whose event may arrive twice', async () => {
    const job = await stored();
    await findEarlierJob(ports, job, 'digest');
    expect(await findEarlierJob(ports, job, 'digest')).toBeUndefined();
  });

  it.each(['CANCELLED', 'FAILED'] as const)('is no job that ended %s without a result', async (status) => {
    const [empty, partial, next] = [await stored({ status }), await stored({ status, succeeded: 1 }), await stored()];
    await findEarlierJob(ports, empty, 'empty');
    expect(await findEarlierJob(ports, next, 'empty')).toBeUndefined();
    await findEarlierJob(ports, partial, 'partial');
    expect(await findEarlierJob(ports, next, 'partial')).toBe(partial.jobId);
  });

  it('is no job that is gone', async () => {
    await findEarlierJob(ports, aJob(), 'digest');
    expect(await findEarlierJob(ports, await stored(), 'digest')).toBeUndefined();
  });

  it('counts rows that are recorded and not rolled up yet, and rows that a redrive imported', async () => {
    const ended = { ...aRunningJob(), status: 'CANCELLED' } as const;
    const [recorded, redriven, next] = [
      await stored({ ...ended, jobId: randomUUID() }),
      await stored({ ...ended, jobId: randomUUID(), redrive: { number: 1, isPlanned: true } }),
      await stored(),
    ];
    await ports.ledger.record(segmentKey(recorded, 0), [{ batch: 0, succeeded: 2, failed: 0, bytes: 10 }]);
    for (const job of [recorded, redriven]) {
      await findEarlierJob(ports, job, job.jobId);
      expect(await findEarlierJob(ports, next, job.jobId)).toBe(job.jobId);
    }
  });

  it('is none that cannot be read: a warning is not worth a failure', async () => {
    const [first, second] = [await stored(), await stored()];
    await findEarlierJob(ports, first, 'digest');
    const read = ports.jobs.read.bind(ports.jobs);
    ports.jobs.read = (key) =>
      key.jobId === first.jobId
        ? Promise.reject(new UnreadableJobError(key.tenant, key.jobId, new Error('a later version')))
        : read(key);
    expect(await findEarlierJob(ports, second, 'digest')).toBeUndefined();
  });

  it('fails if the service fails, so that the file is tried again', async () => {
    const [first, second] = [await stored(), await stored()];
    await findEarlierJob(ports, first, 'digest');
    ports.jobs.read = () => Promise.reject(new Error('throttled'));
    await expect(findEarlierJob(ports, second, 'digest')).rejects.toThrow('throttled');
  });
});

describe('the job of mostly the same rows', () => {
  it.each([
    { what: 'the same rows', again: rows(100), isSame: true },
    { what: 'rows of which a few were corrected', again: [...rows(95), ...rows(5, 200)], isSame: true },
    { what: 'the rows in another order', again: rows(100).toReversed(), isSame: true },
    { what: 'the rows with some before them', again: [...rows(5, 300), ...rows(100)], isSame: true },
    { what: 'cells with blanks around them', again: rows(100).map(([a, b]) => [` ${a} `, b!, '']), isSame: true },
    { what: 'rows of which half are new', again: [...rows(50), ...rows(50, 400)], isSame: false },
    { what: 'other rows', again: rows(100, 500), isSame: false },
    { what: 'too few rows to say', again: rows(9), isSame: false },
  ])('is found by $what: $isSame', async ({ again, isSame }) => {
    const [first, second] = [await stored(), await stored()];
    expect(await findSimilarJob(ports, first, rows(100))).toBeUndefined();
    expect(await findSimilarJob(ports, second, again)).toBe(isSame ? first.jobId : undefined);
  });

  it('is not the job itself, nor one of another tenant', async () => {
    const job = await stored();
    await findSimilarJob(ports, job, rows(20));
    expect(await findSimilarJob(ports, job, rows(20))).toBeUndefined();
    expect(await findSimilarJob(ports, await stored({ tenant: 'another' }), rows(20))).toBeUndefined();
  });

  it('is no job without a result', async () => {
    await findSimilarJob(ports, await stored({ status: 'CANCELLED' }), rows(20));
    expect(await findSimilarJob(ports, await stored(), rows(20))).toBeUndefined();
  });

  it('is not found by a file with the same content in every row', async () => {
    const same = Array.from({ length: 50 }, () => ['Call back', 'no']);
    await findSimilarJob(ports, await stored(), same);
    expect(await findSimilarJob(ports, await stored(), same)).toBeUndefined();
  });
});

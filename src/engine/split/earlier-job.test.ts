import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { aJob } from '../../../test/kit/factories.ts';
import { MemoryContents, MemoryJobs } from '../../../test/kit/memory/index.ts';
import { findEarlierJob, findSimilarJob } from './earlier-job.ts';
import type { Job } from '../model/job.ts';

let ports: { jobs: MemoryJobs; contents: MemoryContents };
beforeEach(() => {
  ports = { jobs: new MemoryJobs(), contents: new MemoryContents() };
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

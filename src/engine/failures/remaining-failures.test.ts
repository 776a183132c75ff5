import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aCut, aRunningJob } from '../../../test/kit/factories.ts';
import { MemoryJobs, MemoryLedger } from '../../../test/kit/memory/index.ts';
import { segmentKey, segmentOf, type Job } from '../model/job.ts';
import type { ItemFailure } from '../model/outcome.ts';
import {
  failuresUpTo,
  firstFailure,
  remainingFailures,
  type FailurePage,
  type FailurePosition,
} from './remaining-failures.ts';

const aFailure = (index: number, large: Partial<ItemFailure> = {}): ItemFailure => ({
  index,
  line: index + 2,
  code: 'REQUIRED',
  message: 'name is empty',
  cells: [''],
  ...large,
});

let ledger: MemoryLedger;
beforeEach(() => {
  ledger = new MemoryLedger();
});

/** Keeps and records a batch of three items, of which the given ones failed. */
async function fail(job: Job, batch: number, indexes: readonly number[], large?: Partial<ItemFailure>): Promise<void> {
  const key = segmentKey(job, segmentOf(job.cut, batch));
  const reference = `r${batch}`;
  if (indexes.length > 0)
    await ledger.keep(key, { batch, reference, failures: indexes.map((index) => aFailure(index, large)) });
  const outcome = { batch, succeeded: 3 - indexes.length, failed: indexes.length, bytes: 1 };
  await ledger.record(key, [{ ...outcome, ...(indexes.length > 0 && { failuresReference: reference }) }]);
}

/** Reads the first page of a job from a position on. */
async function pageOf(job: Job, from: FailurePosition, limit: number): Promise<FailurePage> {
  const ports = { jobs: new MemoryJobs(), ledger, failures: ledger };
  for await (const page of remainingFailures(ports, job, from, limit)) return page;
  throw new Error('there is always a page');
}

/** Reads every page of a job, of `limit` failures each. */
async function pages(job: Job, limit: number): Promise<number[][]> {
  const found: number[][] = [];
  for (let from: FailurePosition | undefined = firstFailure(); from;) {
    const page: FailurePage = await pageOf(job, from, limit);
    found.push(page.failures.map(({ index }) => index));
    from = page.next;
  }
  return found;
}

const aSealedJob = (batchCount: number): Job =>
  aRunningJob({
    cut: aCut({ itemsPerBatch: 3, batchesPerSegment: 2 }),
    seal: { itemCount: batchCount * 3, batchCount },
  });

describe('the remaining failures of a job that was never redriven', () => {
  it('are none if no item failed', async () => {
    expect(await pages(aSealedJob(0), 10)).toEqual([[]]);
    const job = aSealedJob(2);
    await fail(job, 0, []);
    expect(await pages(job, 10)).toEqual([[]]);
  });

  it('are as they were kept', async () => {
    const job = aSealedJob(1);
    await fail(job, 0, [1]);
    const page = await pageOf(job, firstFailure(), 10);
    expect(page).toEqual({ failures: [aFailure(1)] });
  });

  it('have a position of the next page only if there is one', async () => {
    const job = aSealedJob(2);
    await fail(job, 0, [0, 2]);
    await fail(job, 1, [4]);
    expect(await pageOf(job, firstFailure(), 2)).toMatchObject({
      next: { item: 4, runs: [{ segment: 0, batch: 1 }] },
    });
    expect(await pages(job, 3)).toEqual([[0, 2, 4]]);
    expect(await pages(job, 1)).toEqual([[0], [2], [4]]);
  });

  it('are each listed once, in order, by pages of any length', async () => {
    const someBatches = fc.array(fc.subarray([0, 1, 2]), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(someBatches, fc.integer({ min: 1, max: 5 }), async (batches, limit) => {
        ledger = new MemoryLedger();
        const job = aSealedJob(batches.length);
        const all = batches.map((positions, batch) => positions.map((position) => batch * 3 + position));
        for (const [batch, indexes] of [...all.entries()].toReversed()) await fail(job, batch, indexes);
        const found = await pages(job, limit);
        expect(found.flat()).toEqual(all.flat());
        for (const page of found.slice(0, -1)) expect(page).toHaveLength(limit);
      }),
    );
  });

  it.each([
    ['a long text', { cells: ['x'.repeat(2 ** 21)] }],
    ['a long value', { value: 'x'.repeat(2 ** 21) }],
    ['many empty cells', { cells: Array.from({ length: 2 ** 18 }, () => '') }],
  ])('fill a page with two items of %s, however many it may have', async (_, large) => {
    const job = aSealedJob(2);
    await fail(job, 0, [0, 1, 2], large);
    await fail(job, 1, [3, 4], large);
    expect(await pages(job, 100)).toEqual([[0, 1], [2, 3], [4]]);
    const ports = { jobs: new MemoryJobs(), ledger, failures: ledger };
    const { failures, next } = await failuresUpTo(ports, job, firstFailure(1), Infinity);
    expect([failures.map(({ index }) => index), next.item]).toEqual([[1, 2], 3]);
  });

  it('are only those that the ledger refers to', async () => {
    const job = aSealedJob(4);
    const key = segmentKey(job, 0);
    await ledger.keep(key, { batch: 0, reference: 'of another delivery', failures: [aFailure(0), aFailure(2)] });
    await fail(job, 0, [1]);
    await ledger.keep(key, { batch: 1, reference: 'never recorded', failures: [aFailure(3)] });
    await ledger.keep(segmentKey(job, 1), { batch: 2, reference: 'never recorded', failures: [aFailure(6)] });
    await fail(job, 2, []);
    expect(await pages(job, 10)).toEqual([[1]]);
  });

  it('are found in a job of more segments than are read at once', async () => {
    const job = aSealedJob(500);
    for (const batch of [0, 199, 200, 450]) await fail(job, batch, [batch * 3]);
    expect(await pages(job, 3)).toEqual([[0, 597, 600], [1_350]]);
  });

  it('are found in a running job, up to its checkpoint', async () => {
    const { seal: _, ...job } = aSealedJob(0);
    await fail(job, 0, [2]);
    expect(await pages(job, 3)).toEqual([[2]]);
  });
});

import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Verification } from '../../contract/index.ts';
import { failuresReference } from '../../engine/process/evaluate.ts';
import { itemId, type ItemFailure, type Job } from '../../engine/index.ts';
import { segmentKey } from '../../engine/model/job.ts';
import { aClock, aCut, aJob } from '../../../test/kit/factories.ts';
import { MemoryJobs, MemoryLedger, MemoryTasks } from '../../../test/kit/memory/index.ts';
import { failureCursor } from './failure-cursor.ts';
import { verifyTaskFile } from './verify.ts';

const AT = '2026-01-31T08:00:00.000Z';
const ITEMS_PER_BATCH = 500;

let jobs: MemoryJobs;
let ledger: MemoryLedger;
let tasks: MemoryTasks;
beforeEach(() => {
  [jobs, ledger, tasks] = [new MemoryJobs(), new MemoryLedger(), new MemoryTasks()];
});

const failureOf = (index: number, cell = ''): ItemFailure => ({
  index,
  line: index + 2,
  cells: [cell],
  code: 'REQUIRED',
  message: 'title is empty',
});

/**
 * Stores an ended file of so many rows as the engine does. Every tenth row failed, unless `isFailed` decides
 * differently.
 */
async function endedFile(
  rowCount: number,
  changes: Partial<Job> = {},
  isFailed = (index: number): boolean => index % 10 === 9,
  cell?: string,
): Promise<Job> {
  const batchCount = Math.ceil(rowCount / ITEMS_PER_BATCH);
  const items = Array.from({ length: rowCount }, (_, index) => index);
  const failed = items.filter(isFailed);
  const job = await jobs.create({
    ...aJob({ cut: aCut({ itemsPerBatch: ITEMS_PER_BATCH, batchesPerSegment: 4 }) }),
    status: 'COMPLETED',
    seal: { itemCount: rowCount, batchCount },
    closed: rowCount === 0 ? [] : [[0, Math.ceil(batchCount / 4) - 1]],
    succeeded: rowCount - failed.length,
    failed: failed.length,
    ...changes,
  });
  for (let batch = 0; batch < batchCount; batch++) {
    const failures = failed
      .filter((index) => Math.floor(index / ITEMS_PER_BATCH) === batch)
      .map((index) => failureOf(index, cell));
    const reference = failuresReference(failures) ?? '';
    const key = segmentKey(job, Math.floor(batch / 4));
    await ledger.keep(key, { batch, reference, failures });
    await ledger.record(key, [
      { batch, succeeded: 450, failed: failures.length, bytes: 1, failuresReference: reference },
    ]);
  }
  await store(
    job,
    items.filter((index) => !isFailed(index)),
  );
  return job;
}

const store = (job: Job, items: readonly number[]): Promise<void> =>
  tasks.putRows(
    job.tenant,
    items.map((index) => ({
      id: itemId(job.jobId, index),
      item: {
        content: { title: 'One', isComplete: false },
        createdAt: AT,
        updatedAt: AT,
        version: 1,
        origin: { taskFileId: job.jobId, row: index + 2 },
      },
    })),
  );

async function allPages(job: Job): Promise<Verification[]> {
  const pages: Verification[] = [];
  let cursor: string | undefined;
  do {
    const page = await verifyTaskFile(
      { jobs, ledger, failures: ledger, tasks, clock: aClock() },
      job.tenant,
      job.jobId,
      cursor,
    );
    pages.push(page);
    ({ cursor } = page);
  } while (cursor !== undefined);
  return pages;
}

const sum = (pages: readonly Verification[], of: 'rows' | 'stored' | 'failed' | 'differing'): number =>
  pages.reduce((total, page) => total + page[of], 0);

describe('verifying an ended file', () => {
  it('refuses a cursor behind its last row', async () => {
    const { tenant, jobId } = await endedFile(3);
    const cursor = failureCursor.encode({ item: 4, runs: [] });
    const ports = { jobs, ledger, failures: ledger, tasks, clock: aClock() };
    await expect(verifyTaskFile(ports, tenant, jobId, cursor)).rejects.toMatchObject({ name: 'CursorError' });
  });

  it.each([
    [0, 1],
    [3, 1],
    [2_000, 1],
    [4_345, 3],
  ])('of %d rows adds up over %d pages', async (rowCount, pageCount) => {
    const pages = await allPages(await endedFile(rowCount));
    expect(pages).toHaveLength(pageCount);
    expect(sum(pages, 'rows')).toBe(rowCount);
    expect(sum(pages, 'differing')).toBe(0);
    for (const { expected } of pages) {
      expect(expected).toEqual({
        recordCount: rowCount,
        processedCount: sum(pages, 'stored'),
        failedCount: sum(pages, 'failed'),
      });
    }
  });

  it('continues to the last row if all failures are in the first part', async () => {
    const pages = await allPages(await endedFile(2_001, {}, (index) => index < 3));
    expect(pages).toMatchObject([
      { rows: 2_000, failed: 3 },
      { rows: 1, stored: 1, failed: 0 },
    ]);
  });

  it('counts as many large failed rows in a page as fit into memory', async () => {
    const pages = await allPages(await endedFile(50, {}, undefined, 'x'.repeat(2 ** 21)));
    expect(pages).toMatchObject([
      { rows: 29, stored: 27, failed: 2, differing: 0 },
      { rows: 20, stored: 18, failed: 2, differing: 0 },
      { rows: 1, stored: 0, failed: 1, differing: 0 },
    ]);
  });

  it('names the rows that are neither stored nor failed, and those that are both', async () => {
    const job = await endedFile(30);
    await store(job, [9]);
    await tasks.removeItem(job.tenant, itemId(job.jobId, 4), 1);
    const [page] = await allPages(job);
    expect(page).toMatchObject({
      differing: 2,
      differences: [
        { row: 6, difference: 'NEITHER' },
        { row: 11, difference: 'BOTH' },
      ],
    });
  });

  it('counts a failed row whose late task is voided as failed, and a task that a caller deleted as stored', async () => {
    const job = await endedFile(30);
    await store(job, [9]);
    await tasks.voidRows(job.tenant, [itemId(job.jobId, 9)], { run: 0, batch: 0 });
    await tasks.putEdit(job.tenant, itemId(job.jobId, 0), { kind: 'deleted', version: 2 }, undefined);
    expect(await allPages(job)).toMatchObject([{ stored: 27, failed: 3, differing: 0 }]);
  });

  it('ignores a void that the ledger does not confirm', async () => {
    const job = await endedFile(30);
    await tasks.voidRows(job.tenant, [itemId(job.jobId, 4)], { run: 0, batch: 0 });
    expect(await allPages(job)).toMatchObject([{ stored: 27, failed: 3, differing: 0 }]);
  });

  it('names the first hundred differences and counts them all', async () => {
    const job = await endedFile(2_000);
    for (let at = 0; at < 150; at++) await tasks.removeItem(job.tenant, itemId(job.jobId, at * 10), 1);
    const [page] = await allPages(job);
    expect(page?.differing).toBe(150);
    expect(page?.differences).toHaveLength(100);
  });

  it('finds no difference in rows that a cancelled file never reached', async () => {
    const job = await endedFile(10);
    const cancelled = await jobs.create({
      ...job,
      jobId: '01948f3c-2c00-7000-8000-000000000002',
      status: 'CANCELLED',
      succeeded: 0,
      failed: 0,
    });
    expect(await allPages(cancelled)).toMatchObject([{ rows: 10, stored: 0, differing: 0 }]);
  });

  it('is refused while the file runs, and for an unknown file', async () => {
    const running = await endedFile(1, { status: 'IN_PROGRESS' });
    await expect(allPages(running)).rejects.toMatchObject({ code: 'STILL_RUNNING' });
    await expect(allPages({ ...running, jobId: 'unknown' })).rejects.toMatchObject({ code: 'TASK_FILE_NOT_FOUND' });
  });
});

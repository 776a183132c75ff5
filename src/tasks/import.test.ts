import { beforeEach, describe, expect, it } from '@jest/globals';
import { itemId, newJob, type JobDefinition } from '../engine/index.ts';
import type { TaskContent } from '../contract/index.ts';
import { MemoryTasks } from '../../test/kit/memory/index.ts';
import { rowOf, taskImport } from './import.ts';
import { TASK_COLUMNS } from './row.ts';

const job = newJob({
  tenant: 'default',
  jobId: '0193c5a8-7c1e-7d3f-9a55-2b7f4c9d8e10',
  name: 'tasks.csv',
  cut: { itemsPerBatch: 25, batchesPerSegment: 100, batchBytes: 60_000 },
  source: { key: 'uploads/tasks.csv' },
  createdAt: Date.UTC(2026, 0, 31, 8),
});
const idOf = (index: number): string => itemId(job.jobId, index);
const rows = [0, 1, 7].map((index) => ({ index, row: { title: `Row ${rowOf(index)}`, isComplete: false } }));

describe('the import of tasks', () => {
  let tasks: MemoryTasks;
  let definition: JobDefinition<TaskContent>;
  beforeEach(() => {
    tasks = new MemoryTasks();
    definition = taskImport(tasks);
  });

  it('knows the columns of a task and their rules', () => {
    expect(definition.columns).toBe(TASK_COLUMNS);
    expect(definition.decide(['Order paint'])).toEqual({ row: { title: 'Order paint', isComplete: false } });
  });

  it('makes of each row the task with its id, dated by its job, whenever it is delivered', async () => {
    await definition.apply(job, rows);
    const at = '2026-01-31T08:00:00.000Z';
    expect(await tasks.read('default', idOf(7))).toEqual({
      id: idOf(7),
      item: {
        content: { title: 'Row 9', isComplete: false },
        createdAt: at,
        updatedAt: at,
        version: 1,
        origin: { taskFileId: job.jobId, row: 9 },
      },
    });
    const before = await tasks.list('default', { limit: 10 });
    await definition.apply(job, rows.toReversed());
    expect(await tasks.list('default', { limit: 10 })).toEqual(before);
  });

  it('finds out which rows have become tasks; a void is none', async () => {
    await definition.apply(job, rows);
    await definition.voidItems(job, [1, 2]);
    expect(await definition.applied(job, [0, 1, 2, 3, 7])).toEqual(new Set([0, 1, 7]));
    expect(await definition.applied(job, [])).toEqual(new Set());
  });

  it('voids failed rows, also against a later delivery, and restores them', async () => {
    await definition.apply(job, [rows[0]!]);
    expect(await definition.voidItems(job, [0, 1])).toEqual(new Set());
    await definition.apply(job, rows);
    expect((await tasks.readMany('default', [0, 1, 7].map(idOf))).map(({ edit }) => edit?.kind)).toEqual([
      'voided',
      'voided',
      undefined,
    ]);
    await definition.restoreItems(job, [0, 1]);
    expect((await tasks.readMany('default', [0, 1].map(idOf))).every(({ item, edit }) => item && !edit)).toBe(true);
  });

  it('names the failed rows whose task a person works with instead of voiding them', async () => {
    await definition.apply(job, rows);
    await tasks.putEdit('default', idOf(7), { kind: 'deleted', version: 2 }, undefined);
    expect(await definition.voidItems(job, [0, 7])).toEqual(new Set([7]));
  });
});

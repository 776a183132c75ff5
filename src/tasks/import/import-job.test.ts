import { beforeEach, describe, expect, it } from '@jest/globals';
import { itemId, newJob, runOf, type JobDefinition } from '../../engine/index.ts';
import type { TaskContent } from '../../contract/index.ts';
import { MemoryTasks } from '../../../test/kit/memory/index.ts';
import { taskImport } from './import-job.ts';
import { toRowNumber } from '../model/row-number.ts';
import { TASK_COLUMNS } from '../model/row.ts';
import { toVisibleTask } from '../model/stored-task.ts';

const job = newJob({
  tenant: 'default',
  jobId: '0193c5a8-7c1e-7d3f-9a55-2b7f4c9d8e10',
  name: 'tasks.csv',
  cut: { itemsPerBatch: 25, batchesPerSegment: 100, batchBytes: 60_000 },
  source: { key: 'uploads/tasks.csv' },
  createdAt: Date.UTC(2026, 0, 31, 8),
});
const run = runOf(job);
const idOf = (index: number): string => itemId(job.jobId, index);
const rows = [0, 1, 7].map((index) => ({ index, row: { title: `Row ${toRowNumber(index)}`, isComplete: false } }));

describe('the import of tasks', () => {
  let tasks: MemoryTasks;
  let definition: JobDefinition<TaskContent>;
  beforeEach(() => {
    tasks = new MemoryTasks();
    definition = taskImport(tasks);
  });

  it('knows the columns of a task and their rules', () => {
    expect(definition.columns).toBe(TASK_COLUMNS);
    expect(definition.decide(['Order paint'], {})).toEqual({ row: { title: 'Order paint', isComplete: false } });
  });

  it('makes of each row the task with its id and the instants of its job, whenever it is delivered', async () => {
    await definition.apply(run, rows);
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
    await definition.apply(run, rows.toReversed());
    expect(await tasks.list('default', { limit: 10 })).toEqual(before);
  });

  it('finds the rows that have become tasks, without those that are voided', async () => {
    await definition.apply(run, rows);
    await definition.voidItems(run, 0, [1, 2]);
    expect(await definition.applied(run, [0, 1, 2, 3, 7])).toEqual(new Set([0, 1, 7]));
    expect(await definition.applied(run, [])).toEqual(new Set());
  });

  it('voids failed rows, also against a later delivery, and restores them', async () => {
    await definition.apply(run, [rows[0]!]);
    expect(await definition.voidItems(run, 0, [0, 1])).toEqual(new Set());
    await definition.apply(run, rows);
    expect((await tasks.readMany('default', [0, 1, 7].map(idOf))).map(({ edit }) => edit?.kind)).toEqual([
      'voided',
      'voided',
      undefined,
    ]);
    await definition.restoreItems(run, [0, 1]);
    expect(
      (await tasks.readMany('default', [0, 1].map(idOf))).every((stored) => toVisibleTask(stored) !== undefined),
    ).toBe(true);
  });

  it('in a later run does not count a row as applied that an earlier run has voided, and makes it visible again', async () => {
    await definition.apply(run, rows);
    await definition.voidItems(run, 0, [0, 1]);
    const redrive = { ...run, number: 1 };
    expect(await definition.applied(redrive, [0, 1, 7])).toEqual(new Set([7]));
    await definition.apply(redrive, [rows[0]!]);
    expect(await definition.applied(redrive, [0, 1])).toEqual(new Set([0]));
    await definition.voidItems(run, 0, [0]);
    expect(
      (await tasks.readMany('default', [0, 1, 7].map(idOf))).map((stored) => toVisibleTask(stored) !== undefined),
    ).toEqual([true, false, true]);
  });

  it('names the failed rows whose task a caller has changed, instead of voiding them', async () => {
    await definition.apply(run, rows);
    await tasks.putEdit('default', idOf(7), { kind: 'deleted', version: 2 }, undefined);
    expect(await definition.voidItems(run, 0, [0, 7])).toEqual(new Set([7]));
  });
});

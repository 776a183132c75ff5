import type { TaskContent } from '../contract/index.ts';
import { itemId, type IndexedRow, type Job, type JobDefinition } from '../engine/index.ts';
import type { Tasks } from './ports/tasks.ts';
import { decideRow, TASK_COLUMNS } from './row.ts';
import type { TaskItem } from './stored-task.ts';

/** The header is row 1, so item 0 of a job is row 2 of the file. */
export const rowOf = (index: number): number => index + 2;

/** The job of this service: every row of a file becomes a task. */
export const taskImport = (tasks: Tasks): JobDefinition<TaskContent> => ({
  columns: TASK_COLUMNS,
  decide: decideRow,

  apply(job, rows) {
    return tasks.putRows(
      job.tenant,
      rows.map((row) => ({ id: itemId(job.jobId, row.index), item: rowItem(job, row) })),
    );
  },

  async applied(job, indexes) {
    const stored = await tasks.readMany(job.tenant, idsOf(job, indexes));
    return new Set(indexes.filter((_, position) => stored[position]?.item));
  },

  async voidItems(job, indexes) {
    const ids = idsOf(job, indexes);
    const inUse = await tasks.voidRows(job.tenant, ids);
    return new Set(indexes.filter((_, position) => inUse.has(ids[position]!)));
  },

  restoreItems: (job, indexes) => tasks.restoreRows(job.tenant, idsOf(job, indexes)),
});

const idsOf = (job: Job, indexes: readonly number[]): string[] => indexes.map((index) => itemId(job.jobId, index));

/** Always the same for the same row: its instants are the job's, not those of the delivery that writes it. */
function rowItem(job: Job, { index, row }: IndexedRow<TaskContent>): TaskItem {
  const at = new Date(job.createdAt).toISOString();
  return {
    content: row,
    createdAt: at,
    updatedAt: at,
    version: 1,
    origin: { taskFileId: job.jobId, row: rowOf(index) },
  };
}

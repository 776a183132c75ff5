import type { TaskContent } from '../../contract/index.ts';
import { itemIds, type IndexedRow, type JobDefinition, type Run } from '../../engine/index.ts';
import type { Tasks } from '../ports/tasks.ts';
import { decideRow, TASK_COLUMNS } from '../model/row.ts';
import { toRowNumber } from '../model/row-number.ts';
import type { StoredTask, TaskItem } from '../model/stored-task.ts';

/** Defines the job of this service: every row of a file becomes a task. */
export const taskImport = (tasks: Tasks): JobDefinition<TaskContent> => ({
  columns: TASK_COLUMNS,
  decide: decideRow,

  async apply(run, rows) {
    const at = new Date(run.createdAt).toISOString();
    const toId = itemIds(run.jobId);
    const items = rows.map((row) => ({ id: toId(row.index), item: rowItem(run, row, at) }));
    await tasks.putRows(run.tenant, items);
    if (run.number === 0) return;
    await tasks.releaseRows(
      run.tenant,
      items.map(({ id }) => id),
      run.number,
    );
  },

  async applied(run, indexes) {
    const stored = await tasks.readMany(run.tenant, toIds(run, indexes));
    return new Set(indexes.filter((_, position) => isApplied(run, stored[position])));
  },

  async voidItems(run, batch, indexes) {
    const ids = toIds(run, indexes);
    const inUse = await tasks.voidRows(run.tenant, ids, { run: run.number, batch });
    return new Set(indexes.filter((_, position) => inUse.has(ids[position]!)));
  },

  restoreItems: (run, indexes) => tasks.restoreRows(run.tenant, toIds(run, indexes), run.number),
});

const toIds = (run: Run, indexes: readonly number[]): string[] => indexes.map(itemIds(run.jobId));

const isApplied = ({ number }: Run, stored: StoredTask | undefined): boolean =>
  stored?.item !== undefined && !(stored.edit?.kind === 'voided' && stored.edit.run < number);

/** Makes the row item, always the same for a row: its instants are the job's, not those of a delivery. */
function rowItem(run: Run, { index, row }: IndexedRow<TaskContent>, at: string): TaskItem {
  return {
    content: row,
    createdAt: at,
    updatedAt: at,
    version: 1,
    origin: { taskFileId: run.jobId, row: toRowNumber(index) },
  };
}

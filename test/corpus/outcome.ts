import { remainingFailures, firstFailure, type Job } from '../../src/engine/index.ts';
import { taskImport } from '../../src/tasks/import/import-job.ts';
import { toRowNumber } from '../../src/tasks/model/row-number.ts';
import type { StoredTask } from '../../src/tasks/model/stored-task.ts';
import { MemoryTasks } from '../kit/memory/index.ts';
import { Pipeline } from '../kit/pipeline.ts';

/** Title, detail, due date and isComplete, as they are stored. */
export type TaskContent = NonNullable<StoredTask['item']>['content'];

/** The outcome of a file, as text that can be compared. */
export interface Outcome {
  /** Why the whole file failed. The other fields have what was read before. */
  readonly failed?: string;
  /** Type, encoding, delimiter, skipped lines and compression, as far as they were detected. */
  readonly format?: string;
  /** The row and title of each task. */
  readonly tasks?: readonly string[];
  /** The row, line, code and column of each failure. */
  readonly failures?: readonly string[];
}

const PAGE = 100;

/** A piece size that cuts even characters of a small file, and gives a large file not too many pieces. */
const pieceOf = ({ length }: string | Uint8Array): number => (length < 16 * 1024 ? 16 : 997);

/** Processes a file of tasks with the whole engine, as the service would. */
export async function outcomeOf(bytes: string | Uint8Array): Promise<Outcome> {
  const { tasks, ...rest } = await fullOutcomeOf(bytes);
  return { ...rest, ...(tasks && { tasks: Object.entries(tasks).map(([row, { title }]) => `${row} ${title}`) }) };
}

/** An outcome with the whole content of each task, by row. */
export interface FullOutcome extends Omit<Outcome, 'tasks'> {
  readonly tasks?: Readonly<Record<number, TaskContent>>;
}

/** Returns {@link outcomeOf}, with the whole content of each task. `changes` are the options of the upload. */
export async function fullOutcomeOf(bytes: string | Uint8Array, changes: Partial<Job> = {}): Promise<FullOutcome> {
  const stored = new MemoryTasks();
  const file = await Pipeline.ofText(bytes, taskImport(stored), pieceOf(bytes), changes);
  const job = await file.run();
  const tasks = await tasksIn(stored, job.tenant);
  const failures = await failuresOf(file, job);
  return {
    ...(job.failure && { failed: job.failure.code }),
    ...(job.header && { format: formatOf(job) }),
    ...(Object.keys(tasks).length > 0 && { tasks }),
    ...(failures.length > 0 && { failures }),
  };
}

function formatOf({ format: { type, encoding, delimiter, skippedLines, compression } }: Job): string {
  const skipped = skippedLines === undefined ? [] : [`skipped ${skippedLines}`];
  return [type, encoding, ...(type === 'csv' ? [JSON.stringify(delimiter)] : []), ...skipped, compression ?? []]
    .flat()
    .join(' ');
}

/** Resolves to the stored tasks by row, in the order of the rows. */
async function tasksIn(tasks: MemoryTasks, tenant: string): Promise<Record<number, TaskContent>> {
  const found: Record<number, TaskContent> = {};
  for (let cursor: string | undefined; ;) {
    const page = await tasks.list(tenant, { limit: PAGE, ...(cursor !== undefined && { cursor }) });
    for (const { item, edit } of page.items) {
      if (item?.origin && edit?.kind !== 'voided') found[item.origin.row] = item.content;
    }
    if (page.cursor === undefined) return found;
    cursor = page.cursor;
  }
}

async function failuresOf(file: Pipeline, job: Job): Promise<string[]> {
  const found: string[] = [];
  for await (const { failures } of remainingFailures(file.ports, job, firstFailure(), PAGE)) {
    for (const { index, line, code, column } of failures) {
      found.push([toRowNumber(index), line, code, ...(column === undefined ? [] : [column])].join(' '));
    }
  }
  return found;
}

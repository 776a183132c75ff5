import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { taskImport } from '../../../src/tasks/import/import-job.ts';
import { toRowNumber } from '../../../src/tasks/model/row-number.ts';
import { writeReport } from '../../../src/tasks/report/report.ts';
import type { TaskItem } from '../../../src/tasks/model/stored-task.ts';
import { firstFailure, remainingFailures, type Job, type ReadOptions } from '../../../src/engine/index.ts';
import { MemoryReports, MemoryTasks } from '../../kit/memory/index.ts';
import { Pipeline } from '../../kit/pipeline.ts';

export const fileNamed = (name: string): Buffer => readFileSync(join(import.meta.dirname, 'files', name));

/** The outcome of an uploaded file. */
export interface Upload {
  /** Title, detail, due date and isComplete, by the row of the file. */
  readonly tasks: ReadonlyMap<number, readonly (string | boolean | undefined)[]>;
  /** The code of the failure, by the row of the file. */
  readonly failures: ReadonlyMap<number, string>;
  readonly fixFile: string;
  /** Why the whole file failed. */
  readonly failed: string | undefined;
}

const PAGE = 100;
const PIECE_BYTES = 997;
const PACE = { partBytes: 10_000_000, failuresPerPage: PAGE, isLate: () => false };

/** Processes a file with the whole engine in memory, and writes its report. */
export async function upload(bytes: string | Uint8Array, options?: ReadOptions): Promise<Upload> {
  const tasks = new MemoryTasks();
  const file = await Pipeline.ofText(bytes, taskImport(tasks), PIECE_BYTES, options ? { options } : {});
  const job = await file.run();
  return {
    tasks: await tasksIn(tasks, job.tenant),
    failures: await failuresOf(file, job),
    fixFile: await fixFileOf(file, job),
    failed: job.failure?.code,
  };
}

async function tasksIn(stored: MemoryTasks, tenant: string): Promise<Upload['tasks']> {
  const tasks = new Map<number, readonly (string | boolean | undefined)[]>();
  for (let cursor: string | undefined; ;) {
    const page = await stored.list(tenant, { limit: PAGE, ...(cursor !== undefined && { cursor }) });
    for (const { item } of page.items) if (item?.origin) tasks.set(item.origin.row, cellsOf(item.content));
    if (page.cursor === undefined) return tasks;
    cursor = page.cursor;
  }
}

const cellsOf = ({
  title,
  detail,
  dueAt,
  isComplete,
}: TaskItem['content']): readonly (string | boolean | undefined)[] => [title, detail, dueAt, isComplete];

async function failuresOf(file: Pipeline, job: Job): Promise<Upload['failures']> {
  const codes = new Map<number, string>();
  for await (const { failures } of remainingFailures(file.ports, job, firstFailure(), PAGE)) {
    for (const { index, code } of failures) codes.set(toRowNumber(index), code);
  }
  return codes;
}

async function fixFileOf(file: Pipeline, job: Job): Promise<string> {
  const reports = new MemoryReports();
  await writeReport({ ...file.ports, reports }, job, PACE);
  return [...reports.objects].find(([key]) => key.endsWith('fix-file.csv'))?.[1].text ?? '';
}

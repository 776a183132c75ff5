import { standingFailures, firstFailure, type Job } from '../../src/engine/index.ts';
import { rowOf, taskImport } from '../../src/tasks/import.ts';
import { MemoryTasks } from '../kit/memory/index.ts';
import { Pipeline } from '../kit/pipeline.ts';

/** What has become of a file, in words that can be compared. */
export interface Outcome {
  /** Why the whole file failed; what came before stands in the other fields. */
  readonly failed?: string;
  /** Type, encoding, delimiter and compression, as far as they were found. */
  readonly format?: string;
  /** Row and title. */
  readonly tasks?: readonly string[];
  /** Row, line, code and column. */
  readonly failures?: readonly string[];
}

const PAGE = 100;

/** Small enough to cut every file, and its characters; of a large one it would make tens of thousands of pieces. */
const pieceOf = ({ length }: string | Uint8Array): number => (length < 16 * 1024 ? 16 : 997);

/** Brings a file of tasks through the whole engine, as the service would. */
export async function outcomeOf(bytes: string | Uint8Array): Promise<Outcome> {
  const tasks = new MemoryTasks();
  const file = await Pipeline.ofText(bytes, taskImport(tasks), pieceOf(bytes));
  const job = await file.run();
  const titles = await titlesIn(tasks, job.tenant);
  const failures = await failuresOf(file, job);
  return {
    ...(job.failure && { failed: job.failure.code }),
    ...(job.header && { format: formatOf(job) }),
    ...(titles.length > 0 && { tasks: titles }),
    ...(failures.length > 0 && { failures }),
  };
}

const formatOf = ({ format: { type, encoding, delimiter, gzip } }: Job): string =>
  [type, encoding, ...(type === 'csv' ? [JSON.stringify(delimiter)] : []), ...(gzip ? ['gzip'] : [])].join(' ');

async function titlesIn(tasks: MemoryTasks, tenant: string): Promise<string[]> {
  const found: [row: number, title: string][] = [];
  for (let cursor: string | undefined; ;) {
    const page = await tasks.list(tenant, { limit: PAGE, ...(cursor !== undefined && { cursor }) });
    for (const { item, edit } of page.items) {
      if (item?.origin && edit?.kind !== 'voided') found.push([item.origin.row, item.content.title]);
    }
    if (page.cursor === undefined) break;
    cursor = page.cursor;
  }
  return found.toSorted(([a], [b]) => a - b).map(([row, title]) => `${row} ${title}`);
}

async function failuresOf(file: Pipeline, job: Job): Promise<string[]> {
  const found: string[] = [];
  for await (const { failures } of standingFailures(file.ports, job, firstFailure(), PAGE)) {
    for (const { index, line, code, column } of failures) {
      found.push([rowOf(index), line, code, ...(column === undefined ? [] : [column])].join(' '));
    }
  }
  return found;
}

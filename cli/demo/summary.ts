import type { RowFailure, TaskFile } from '../../src/contract/index.ts';
import { count, duration } from './format.ts';

/** The result in numbers; what `--json` prints. */
export interface Summary {
  readonly id: string;
  readonly fileName: string;
  readonly status: TaskFile['status'];
  readonly recordCount: number;
  readonly processedCount: number;
  readonly failedCount: number;
  /** Tasks that the service hands out for this file, counted one by one. */
  readonly storedTasks: number;
  /** From creation to completion, by the service's own clock. */
  readonly seconds: number;
  readonly rowsPerSecond: number;
  readonly failure?: { readonly code: string; readonly message: string };
}

export function summarize(taskFile: TaskFile, storedTasks: number): Summary {
  const { id, fileName, status, recordCount, processedCount, failedCount, createdAt, completedAt, failure } = taskFile;
  const seconds = (Date.parse(completedAt ?? createdAt) - Date.parse(createdAt)) / 1_000;
  const rowsPerSecond = seconds > 0 ? Math.round((processedCount + failedCount) / seconds) : 0;
  const numbers = { recordCount, processedCount, failedCount, storedTasks, seconds, rowsPerSecond };
  return { id, fileName, status, ...numbers, ...(failure && { failure }) };
}

/** Why the demo did not prove what it is there to prove; undefined: it did. */
export function complaintAbout({
  status,
  failure,
  fileName,
  processedCount,
  storedTasks,
}: Summary): string | undefined {
  if (status !== 'COMPLETED') {
    return `${fileName} ended ${status}${failure ? ` (${failure.code}): ${failure.message}` : '.'}`;
  }
  if (storedTasks === processedCount) return undefined;
  return `${fileName} is COMPLETED with ${count(processedCount)} processed rows, but ${count(storedTasks)} tasks are stored.`;
}

export function describeSummary(summary: Summary, failures: readonly RowFailure[]): string {
  const { fileName, status, recordCount, processedCount, failedCount, storedTasks, seconds, rowsPerSecond } = summary;
  const numbers: readonly [label: string, value: number][] = [
    ['rows', recordCount],
    ['processed', processedCount],
    ['failed', failedCount],
    ['tasks stored', storedTasks],
  ];
  return [
    `${fileName}: ${status} in ${duration(seconds)}, ${count(rowsPerSecond)} rows/s`,
    ...numbers.map(([label, value]) => `  ${label.padEnd(12)} ${count(value).padStart(11)}`),
    ...failures.map(describeFailure),
    ...(failedCount > failures.length ? [`  ... and ${count(failedCount - failures.length)} more`] : []),
  ].join('\n');
}

const describeFailure = ({ row, column, code, message }: RowFailure): string =>
  `  row ${row}${column === undefined ? '' : `, ${column}`}: ${code}, ${message}`;

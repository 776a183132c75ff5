import type { RowFailure, TaskFile, Warning } from '../../src/contract/index.ts';
import { count, duration } from './format.ts';

/** The result in numbers, as `--json` prints it. */
export interface Summary {
  readonly id: string;
  readonly fileName: string;
  readonly status: TaskFile['status'];
  readonly recordCount: number;
  readonly processedCount: number;
  readonly failedCount: number;
  /** The tasks that the service lists for this file, counted one by one. */
  readonly storedTasks: number;
  /** From creation to completion, by the service's own clock. */
  readonly seconds: number;
  readonly rowsPerSecond: number;
  readonly failure?: { readonly code: string; readonly message: string };
  readonly warnings?: readonly Warning[];
  /** Where the fix file was written. */
  readonly fixFile?: string;
}

export function summarize(
  taskFile: TaskFile,
  { storedTasks, fixFile }: { readonly storedTasks: number; readonly fixFile?: string },
): Summary {
  const { id, fileName, status, recordCount, processedCount, failedCount, createdAt, completedAt } = taskFile;
  const { failure, warnings } = taskFile;
  const seconds = (Date.parse(completedAt ?? createdAt) - Date.parse(createdAt)) / 1_000;
  const rowsPerSecond = seconds > 0 ? Math.round((processedCount + failedCount) / seconds) : 0;
  const numbers = { recordCount, processedCount, failedCount, storedTasks, seconds, rowsPerSecond };
  return {
    id,
    fileName,
    status,
    ...numbers,
    ...(failure && { failure }),
    ...(warnings && { warnings }),
    ...(fixFile !== undefined && { fixFile }),
  };
}

/** Says why the demo failed. Returns undefined if the file is completed and the counts match. */
export function findComplaint({ status, failure, fileName, processedCount, storedTasks }: Summary): string | undefined {
  if (status !== 'COMPLETED') {
    return `${fileName} ended ${status}${failure ? ` (${failure.code}): ${failure.message}` : '.'}`;
  }
  if (storedTasks === processedCount) return undefined;
  return `${fileName} is COMPLETED with ${count(processedCount)} processed rows, but ${count(storedTasks)} tasks are stored.`;
}

/** Formats the result. Warnings come first, because they may change how far the numbers can be trusted. */
export function describeSummary(summary: Summary, failures: readonly RowFailure[]): string {
  const { fileName, status, recordCount, processedCount, failedCount, storedTasks, seconds, rowsPerSecond } = summary;
  const numbers: readonly [label: string, value: number][] = [
    ['rows', recordCount],
    ['processed', processedCount],
    ['failed', failedCount],
    ['tasks stored', storedTasks],
  ];
  return [
    ...(summary.warnings ?? []).map(({ message }) => `Warning: ${message}`),
    `${fileName}: ${status} in ${duration(seconds)}, ${count(rowsPerSecond)} rows/s`,
    ...numbers.map(([label, value]) => `  ${label.padEnd(12)} ${count(value).padStart(11)}`),
    ...failures.map(describeFailure),
    ...describeRest(summary, failedCount - failures.length),
  ].join('\n');
}

function describeRest({ fixFile }: Summary, more: number): readonly string[] {
  const rest = `  ... and ${count(more)} more`;
  if (fixFile !== undefined) return [...(more > 0 ? [rest] : []), `  all failed rows are in ${fixFile}`];
  return more > 0 ? [`${rest}; --fix-file PATH writes them all to a file`] : [];
}

const describeFailure = ({ row, column, code, message }: RowFailure): string =>
  `  row ${row}${column === undefined ? '' : `, ${column}`}: ${code}, ${message}`;

import type { RowFailure, TaskFile } from '../contract/index.ts';
import type { ItemFailure, Job, Progress } from '../engine/index.ts';
import { rowOf } from './import.ts';

const instant = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** What the engine knows of a job, in the words of the API. */
export const taskFileOf = (job: Job, progress: Progress): TaskFile => ({
  id: job.jobId,
  fileName: job.name,
  status: job.status,
  recordCount: progress.itemCount,
  totalIsFinal: progress.totalIsFinal,
  processedCount: progress.succeeded,
  failedCount: progress.failed,
  unprocessedCount: progress.unprocessed,
  percent: progress.percent,
  rowsPerSecond: progress.itemsPerSecond,
  etaSeconds: progress.etaSeconds,
  createdAt: instant(job.createdAt),
  ...(job.startedAt !== undefined && { startedAt: instant(job.startedAt) }),
  ...(job.completedAt !== undefined && { completedAt: instant(job.completedAt) }),
  ...(job.failure && { failure: job.failure }),
});

/** A page of 100 failures must fit an answer of 6 MB, with every character escaped; a cell can be 64 KiB long. */
const VALUE_SHOWN_MAX = 2_000;

const shown = (value: string): string =>
  value.length <= VALUE_SHOWN_MAX ? value : `${value.slice(0, VALUE_SHOWN_MAX).toWellFormed()}…`;

export const rowFailureOf = ({ index, line, column, value, code, message }: ItemFailure): RowFailure => ({
  row: rowOf(index),
  line,
  ...(column !== undefined && { column }),
  ...(value !== undefined && { value: shown(value) }),
  code,
  message,
});

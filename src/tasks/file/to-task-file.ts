import type { FailureGroup, RedriveRun, RowFailure, TaskFile } from '../../contract/index.ts';
import {
  allDone,
  ignoredColumns,
  isTerminal,
  readProgress,
  runsOf,
  type Clock,
  type FailureGroup as FailureGroupOfJob,
  type ItemFailure,
  type Job,
  type Jobs,
  type Ledger,
  type Progress,
  type Redrive,
} from '../../engine/index.ts';
import { toRowNumber } from '../model/row-number.ts';
import { TASK_COLUMNS } from '../model/row.ts';
import { collectWarnings } from './warnings.ts';

export interface TaskFilePorts {
  readonly jobs: Jobs;
  readonly ledger: Ledger;
  readonly clock: Clock;
}

/** Reads the progress of a file and its redrives, and returns the file in the form of the API. */
export async function readTaskFile({ jobs, ledger, clock }: TaskFilePorts, job: Job): Promise<TaskFile> {
  const now = clock.now();
  const runs = await runsOf(jobs, job);
  const [own, ...others] = await allDone([job, ...runs].map((run) => readProgress(ledger, run, now)));
  return toTaskFile(
    job,
    own!,
    runs.map((run, index) => ({ run, progress: others[index]! })),
  );
}

const toInstant = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** A planned redrive with its progress. */
export interface RunProgress {
  readonly run: Job;
  readonly progress: Progress;
}

/** Turns a job and its redrives into the form of the API. */
export const toTaskFile = (job: Job, progress: Progress, runs: readonly RunProgress[] = []): TaskFile => ({
  id: job.jobId,
  fileName: job.name,
  status: job.status,
  ...collectWarnings(job),
  recordCount: progress.itemCount,
  totalIsFinal: progress.totalIsFinal,
  processedCount: progress.succeeded + countRecovered(runs),
  failedCount: progress.failed - countRecovered(runs),
  unprocessedCount: progress.unprocessed,
  percent: progress.percent,
  rowsPerSecond: progress.itemsPerSecond,
  etaSeconds: progress.etaSeconds,
  ...(job.header && { format: toFormat(job), ...toIgnoredColumns(job.header) }),
  createdAt: toInstant(job.createdAt),
  ...(job.startedAt !== undefined && { startedAt: toInstant(job.startedAt) }),
  ...(job.completedAt !== undefined && { completedAt: toInstant(job.completedAt) }),
  ...(job.failure && { failure: job.failure }),
  ...toReportedAt(job, runs),
  ...(job.report && job.report.groups.length > 0 && { failureGroups: job.report.groups.map(toFailureGroup) }),
  ...(job.redrive && { redrives: toRedriveRuns(job.redrive, runs) }),
});

/** Leaves out a report that a redrive has outdated or is about to outdate. */
const toReportedAt = (
  { report, redrive, completedAt }: Job,
  runs: readonly RunProgress[],
): Pick<TaskFile, 'reportedAt'> =>
  report && report.run >= latestEnded(runs) && !isRedriven(redrive, runs)
    ? { reportedAt: toInstant(report.at ?? completedAt!) }
    : {};

const latestEnded = (runs: readonly RunProgress[]): number =>
  runs.findLast(({ run }) => run.status === 'COMPLETED')?.run.redriveOf?.number ?? 0;

const isRedriven = (redrive: Redrive | undefined, runs: readonly RunProgress[]): boolean =>
  runs.length < (redrive?.number ?? 0) || runs.some(({ run }) => !isTerminal(run));

const toFormat = ({
  format: { type, encoding, delimiter, skippedLines, compression },
  options,
}: Job): TaskFile['format'] => ({
  type,
  encoding,
  ...(type === 'csv' && { delimiter }),
  ...(skippedLines !== undefined && { skippedLines }),
  ...(compression && { compression }),
  ...(options && { asked: options }),
});

const IGNORED_SHOWN_MAX = 20;

function toIgnoredColumns(header: readonly string[]): Pick<TaskFile, 'ignoredColumns'> {
  const ignored = ignoredColumns(header, TASK_COLUMNS);
  return ignored.length > 0
    ? { ignoredColumns: ignored.slice(0, IGNORED_SHOWN_MAX).map(({ name }) => shorten(name)) }
    : {};
}

const toFailureGroup = ({ firstIndex, ...group }: FailureGroupOfJob): FailureGroup => ({
  ...group,
  firstRow: toRowNumber(firstIndex),
});

const countRecovered = (runs: readonly RunProgress[]): number =>
  runs.reduce((sum, { progress }) => sum + progress.succeeded, 0);

/** The latest redrive may be requested and not planned yet. It then has no job, and is shown as NEW. */
function toRedriveRuns({ number, codes }: Redrive, runs: readonly RunProgress[]): RedriveRun[] {
  const planned = runs.map((run, index) => toRedriveRun(index + 1, run));
  const counts = { recordCount: 0, processedCount: 0, failedCount: 0 };
  const waiting = { number, ...(codes && { codes: [...codes] }), status: 'NEW' as const, ...counts };
  return planned.length < number ? [...planned, waiting] : planned;
}

const toRedriveRun = (number: number, { run, progress }: RunProgress): RedriveRun => ({
  number,
  ...(run.redriveOf?.codes && { codes: [...run.redriveOf.codes] }),
  status: run.status,
  recordCount: progress.itemCount,
  processedCount: progress.succeeded,
  failedCount: progress.failed,
  createdAt: toInstant(run.createdAt),
  ...(run.completedAt !== undefined && { completedAt: toInstant(run.completedAt) }),
  ...(run.failure && { failure: run.failure }),
});

/** A page of 100 failures must fit into a response of 6 MB with every character escaped; a cell can be 64 KiB long. */
const VALUE_SHOWN_MAX = 2_000;

const shorten = (value: string): string =>
  value.length <= VALUE_SHOWN_MAX ? value.toWellFormed() : `${value.slice(0, VALUE_SHOWN_MAX).toWellFormed()}…`;

export const toRowFailure = ({ index, line, column, value, code, message }: ItemFailure): RowFailure => ({
  row: toRowNumber(index),
  line,
  ...(column !== undefined && { column }),
  ...(value !== undefined && { value: shorten(value) }),
  code,
  message,
});

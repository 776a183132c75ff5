import { REPORTS_PREFIX, SCHEMA_VERSION, type ReportSummary, type TaskFile } from '../../contract/index.ts';
import {
  firstFailure,
  runsOf,
  remainingFailures,
  type Clock,
  type FailureGroup,
  type FailurePosition,
  type Failures,
  type Job,
  type Jobs,
  type Ledger,
} from '../../engine/index.ts';
import { readTaskFile } from '../file/to-task-file.ts';
import { FailureGroups } from './failure-groups.ts';
import { FixFile, fixFileName } from './fix-file.ts';
import { ObjectWriter, type ObjectDraft, type WrittenPart } from './object-writer.ts';
import type { Reports } from '../ports/reports.ts';
import { toRowNumber } from '../model/row-number.ts';

export interface ReportPorts {
  readonly jobs: Jobs;
  readonly ledger: Ledger;
  readonly failures: Failures;
  readonly reports: Reports;
  readonly clock: Clock;
}

export interface ReportPace {
  /** The size of a part of the fix file. S3 takes no less than 5 MiB, except for the last part. */
  readonly partBytes: number;
  readonly failuresPerPage: number;
  /** Called after each page. If time is short, another invocation continues, as soon as a part is stored. */
  readonly isLate: () => boolean;
}

/** The progress of a report. */
interface ReportProgress {
  readonly object?: ObjectDraft;
  readonly position: FailurePosition;
  readonly rows: number;
  readonly groups: readonly FailureGroup[];
}

/** An unfinished report, with which another invocation continues. */
export interface ReportDraft extends Required<ReportProgress> {
  readonly run: number;
}

const START: ReportProgress = { position: firstFailure(), rows: 0, groups: [] };

/**
 * Writes the report of an ended file, unless it is written: the fix file with the remaining failures, and
 * `summary.json`. Invocations that write it again, or at the same time, write the same objects. Resolves to a draft if
 * time ran out.
 */
export async function writeReport(
  ports: ReportPorts,
  job: Job,
  pace: ReportPace,
  draft?: ReportDraft,
): Promise<ReportDraft | undefined> {
  const { run, runId } = await findLatestRun(ports, job);
  if (job.report && job.report.run >= run) return undefined;
  const folder = `${REPORTS_PREFIX}${job.tenant}/${job.jobId}/${runId}/`;
  const key = `${folder}fix-file.csv`;
  const written = await writeFixFile(ports, job, key, pace, draft?.run === run ? draft : START);
  if ('object' in written) return { run, ...written };
  const { groups, others } = written.groups.largest();
  const fixFile = written.rows > 0 ? toFixFileSummary(key, written.rows, written.parts) : undefined;
  const summary = toSummary(job, runId, await readTaskFile(ports, job), { groups, others, fixFile });
  const form = { contentType: 'application/json', fileName: `${job.name}.summary.json` };
  await ports.reports.put(`${folder}summary.json`, Buffer.from(JSON.stringify(summary, undefined, 2)), form);
  await ports.jobs.attachReport(job, {
    run,
    at: ports.clock.now(),
    groups,
    others,
    ...(fixFile && { fixFileKey: key }),
  });
  return undefined;
}

/** Finds the latest completed redrive of a file, or else its first pass. */
async function findLatestRun(
  { jobs }: ReportPorts,
  job: Job,
): Promise<{ readonly run: number; readonly runId: string }> {
  const runs = await runsOf(jobs, job);
  const latest = runs.findLast(({ status }) => status === 'COMPLETED');
  return { run: latest?.redriveOf?.number ?? 0, runId: latest?.jobId ?? job.jobId };
}

interface Written {
  readonly rows: number;
  readonly groups: FailureGroups;
  readonly parts: readonly WrittenPart[];
}

async function writeFixFile(
  ports: ReportPorts,
  job: Job,
  key: string,
  { partBytes, failuresPerPage, isLate }: ReportPace,
  progress: ReportProgress,
): Promise<Written | Required<ReportProgress>> {
  const form = { contentType: 'text/csv; charset=utf-8', fileName: fixFileName(job.name) };
  const writer = new ObjectWriter(ports.reports, key, form, partBytes, progress.object);
  const groups = new FailureGroups(progress.groups);
  const fixFile = new FixFile(job);
  let { rows } = progress;
  for await (const { failures, next: position } of remainingFailures(ports, job, progress.position, failuresPerPage)) {
    for (const failure of failures) groups.add(failure);
    if (failures.length > 0) await writer.write((rows === 0 ? fixFile.head() : '') + fixFile.lines(failures));
    rows += failures.length;
    const object = writer.draft;
    if (position && object && isLate()) return { object, position, rows, groups: groups.all };
  }
  return { rows, groups, parts: rows > 0 ? await writer.finish() : [] };
}

type FixFileSummary = NonNullable<ReportSummary['fixFile']>;

const toFixFileSummary = (key: string, rows: number, parts: readonly WrittenPart[]): FixFileSummary => ({
  key,
  rows,
  bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
  parts: parts.map(({ bytes, sha256 }) => ({ bytes, sha256 })),
});

const toSummary = (
  { source }: Job,
  runId: string,
  { id, fileName, status, failure, recordCount, processedCount, failedCount, rowsPerSecond, ...file }: TaskFile,
  failed: {
    readonly groups: readonly FailureGroup[];
    readonly others: number;
    readonly fixFile: FixFileSummary | undefined;
  },
): ReportSummary => ({
  schemaVersion: SCHEMA_VERSION,
  taskFileId: id,
  runId,
  fileName,
  status,
  ...(failure && { failure }),
  counts: { recordCount, processedCount, failedCount },
  timings: {
    createdAt: file.createdAt,
    ...(file.startedAt !== undefined && { startedAt: file.startedAt }),
    ...(file.completedAt !== undefined && { completedAt: file.completedAt }),
    rowsPerSecond,
  },
  source,
  failureGroups: failed.groups.map(({ firstIndex, ...group }) => ({ ...group, firstRow: toRowNumber(firstIndex) })),
  otherFailures: failed.others,
  ...(failed.fixFile && { fixFile: failed.fixFile }),
});

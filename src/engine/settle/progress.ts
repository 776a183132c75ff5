import { isTerminal, segmentKey, segmentsBegun, type Job } from '../model/job.ts';
import type { Ledger } from '../ports/ledger.ts';
import { includes } from '../model/ranges.ts';
import type { SegmentKey, SegmentRecord } from '../model/segment.ts';

/** The progress of a job. Every count, and `percent`, only grows while the job runs. */
export interface Progress {
  readonly itemCount: number;
  readonly totalIsFinal: boolean;
  readonly succeeded: number;
  readonly failed: number;
  readonly unprocessed: number;
  /** From 0 to 100, with two decimals; 100 only when every item has its outcome. */
  readonly percent: number;
  readonly itemsPerSecond: number;
  /** Null while there is no estimate, and when the job ended without finishing its items. */
  readonly etaSeconds: number | null;
}

/** The highest percentage of a job that is not done. */
const PERCENT_UNTIL_DONE = 99.99;

/** Lists the segments that may hold outcomes which are not on the job yet, also of a terminal job. */
export const openSegments = (job: Job): readonly SegmentKey[] =>
  Array.from({ length: segmentsBegun(job) }, (_, segment) => segment)
    .filter((segment) => !includes(job.closed, segment))
    .map((segment) => segmentKey(job, segment));

/** Adds the open segments, read consistently, to what is rolled up on the job. */
export async function readProgress(ledger: Ledger, job: Job, now: number): Promise<Progress> {
  const open = job.status === 'NEW' || job.status === 'COMPLETED' ? [] : openSegments(job);
  return progressOf(job, await ledger.read(open), now);
}

/** Does the same as {@link readProgress} with segments already read. The function is pure. */
export function progressOf(job: Job, open: readonly SegmentRecord[], now: number): Progress {
  const succeeded = open.reduce((sum, segment) => sum + segment.succeeded, job.succeeded);
  const failed = open.reduce((sum, segment) => sum + segment.failed, job.failed);
  const doneBytes = open.reduce((sum, segment) => sum + segment.bytes, job.doneBytes);
  const done = succeeded + failed;
  const itemCount = job.seal?.itemCount ?? Math.max(job.checkpoint.nextItem, done);
  const percent = percentOf(job, done, doneBytes);
  const seconds = job.startedAt === undefined ? 0 : Math.max(0, (job.completedAt ?? now) - job.startedAt) / 1_000;
  return {
    itemCount,
    totalIsFinal: job.seal !== undefined,
    succeeded,
    failed,
    unprocessed: itemCount - done,
    percent,
    itemsPerSecond: seconds > 0 ? round(done / seconds) : 0,
    etaSeconds: etaOf(job, percent, seconds),
  };
}

/**
 * Measures by the bytes of the source whose items have their outcomes, before the seal and after it: the number of
 * items is not known before the seal, and a change of measure could make the figure go back.
 */
function percentOf(job: Job, done: number, doneBytes: number): number {
  if (job.seal && done >= job.seal.itemCount) return 100;
  const bytes = job.source.bytes ?? 0;
  return bytes > 0 ? Math.min(PERCENT_UNTIL_DONE, Math.floor((doneBytes / bytes) * 10_000) / 100) : 0;
}

function etaOf(job: Job, percent: number, seconds: number): number | null {
  if (percent === 100) return 0;
  if (isTerminal(job) || percent === 0) return null;
  return round((seconds * (100 - percent)) / percent);
}

const round = (value: number): number => Math.round(value * 10) / 10;

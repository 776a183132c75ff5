import type { JobFailureCode } from '../errors.ts';
import { isFullyRecorded, TOO_MANY_FAILURES, type Job, type JobFailure } from '../model/job.ts';

/** A percentage of fewer outcomes than this says little. At the end of a job it is checked all the same. */
const OUTCOMES_TO_CHECK_FROM = 1_000;

/**
 * Returns the failure with which a job must stop, if more rows failed than it tolerates. It uses the rolled-up counts,
 * which are the same for every worker.
 */
export function checkTolerance(job: Job): JobFailure<JobFailureCode> | undefined {
  const { failedPercent = 100, failedCount = Infinity } = job.tolerance ?? {};
  const outcomes = job.succeeded + job.failed;
  const isPercentChecked = isFullyRecorded(job) || outcomes >= OUTCOMES_TO_CHECK_FROM;
  const isTooMuch = job.failed > failedCount || (isPercentChecked && job.failed * 100 > failedPercent * outcomes);
  return isTooMuch
    ? {
        code: TOO_MANY_FAILURES,
        message: `${job.failed} of ${outcomes} rows failed; the file tolerates ${listLimits(failedPercent, failedCount)}. Repair the failed rows in the fix file and upload it; the rows that succeeded are tasks already. Rows that were not read, or not processed, are neither: upload them as a file of their own.`,
      }
    : undefined;
}

/** Lists the limits that are set. */
const listLimits = (failedPercent: number, failedCount: number): string =>
  [
    ...(failedPercent < 100 ? [`${failedPercent} %`] : []),
    ...(failedCount < Infinity ? [`${failedCount} rows`] : []),
  ].join(' and ');

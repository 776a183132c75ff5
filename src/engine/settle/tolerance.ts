import type { JobFailureCode } from '../errors.ts';
import { isFullyRecorded, TOO_MANY_FAILURES, type Job, type JobFailure } from '../model/job.ts';

/** A percentage of fewer outcomes than this says little; at the end of a job it is judged all the same. */
const OUTCOMES_TO_JUDGE_FROM = 1_000;

/**
 * Why a job must stop, if more failed than it tolerates. Judged by what is rolled up, so everybody comes to the same.
 */
export function intolerable(job: Job): JobFailure<JobFailureCode> | undefined {
  const { failedPercent = 100, failedCount = Infinity } = job.tolerance ?? {};
  const outcomes = job.succeeded + job.failed;
  const isJudged = isFullyRecorded(job) || outcomes >= OUTCOMES_TO_JUDGE_FROM;
  const isTooMuch = job.failed > failedCount || (isJudged && job.failed * 100 > failedPercent * outcomes);
  return isTooMuch
    ? {
        code: TOO_MANY_FAILURES,
        message: `${job.failed} of ${outcomes} rows failed; the file tolerates ${limits(failedPercent, failedCount)}. Repair the failed rows in the fix file and upload that; the rows that came in are tasks already. Upload what was not read yet as a file of its own.`,
      }
    : undefined;
}

/** Those that can be passed. */
const limits = (failedPercent: number, failedCount: number): string =>
  [
    ...(failedPercent < 100 ? [`${failedPercent} %`] : []),
    ...(failedCount < Infinity ? [`${failedCount} rows`] : []),
  ].join(' and ');

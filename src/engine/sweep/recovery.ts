import { batchesOfSegment, type Job, type Recovery } from '../model/job.ts';
import type { SegmentRecord } from '../model/segment.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** In a deeper queue more messages only wait longer. Five workers need seconds for this many. */
export const DEEP_QUEUE_MESSAGES = 500;

/**
 * SQS keeps the messages of every queue for so long (`QUEUE_RETENTION_DAYS`). An older message is gone, however deep
 * the queue.
 */
export const MESSAGES_LIVE_MILLISECONDS = 4 * DAY;

/** For so long the sweep assumes that a shallow queue holds what the job lacks, if its depth allows that. */
const SHALLOW_IS_BELIEVED_MILLISECONDS = HOUR;

/** The first wait; it doubles with each try that brings no progress. */
const FIRST_WAIT_MILLISECONDS = MINUTE;
const LONGEST_WAIT_MILLISECONDS = HOUR;

/** What a sweep does about a job that makes no progress. */
export type Step =
  | { readonly step: 'wait' }
  | { readonly step: 'hold'; readonly recovery: Recovery }
  | { readonly step: 'recover'; readonly recovery: Recovery };

/** A queue in which the job's messages may wait. */
export interface QueueState {
  /** How many messages it holds. */
  readonly depth: number;
  /** How many messages of the job it must hold for the job to continue; Infinity if it can hold none of the job. */
  readonly lacking: number;
}

/** What a sweep observes of a job that makes no progress. */
export interface Observation {
  readonly now: number;
  /** The number that {@link measureProgress} gives. */
  readonly progress: number;
  readonly queues: readonly QueueState[];
  readonly deepQueue?: number | undefined;
}

const NEVER: Recovery = { number: 0, tries: 0, progress: -1, dueAt: 0 };

/**
 * Decides what to do about a job that makes no progress. It is recovered when it is due, unless its messages may still
 * be in the queue: then its workers or splitters are busy or down, and more messages would only make the queue longer.
 */
export function decideStep({ recovery = NEVER }: Pick<Job, 'recovery'>, observation: Observation): Step {
  const { now, progress } = observation;
  const { number, heldSince, ...last } = recovery;
  // After any progress the waits begin at the shortest again.
  const hasProgress = progress > last.progress;
  if (!hasProgress && now < last.dueAt) return { step: 'wait' };
  const since = hasProgress ? now : (heldSince ?? now);
  if (mayWait(observation, now - since)) {
    if (heldSince === since) return { step: 'wait' };
    const tries = hasProgress ? 0 : last.tries;
    return { step: 'hold', recovery: { number, tries, progress, dueAt: now, heldSince: since } };
  }
  const tries = hasProgress ? 1 : last.tries + 1;
  return { step: 'recover', recovery: { number: number + 1, tries, progress, dueAt: now + waitAfter(tries) } };
}

/** The recovery to note in place of one whose message could not be sent: the job is as due as before. */
export const takeBackTry = ({ recovery = NEVER }: Pick<Job, 'recovery'>, { number }: Recovery): Recovery => ({
  ...recovery,
  number,
});

/** Whether the messages that the job lacks may still be in a queue, or would only make a deep queue deeper. */
const mayWait = ({ queues, deepQueue = DEEP_QUEUE_MESSAGES }: Observation, heldMilliseconds: number): boolean =>
  queues.some(({ depth, lacking }) => {
    if (depth > deepQueue) return heldMilliseconds < MESSAGES_LIVE_MILLISECONDS;
    return depth >= lacking && heldMilliseconds < SHALLOW_IS_BELIEVED_MILLISECONDS;
  });

/** How long a sweep waits after its n-th try without progress, in milliseconds. */
export const waitAfter = (tries: number): number =>
  Math.min(LONGEST_WAIT_MILLISECONDS, FIRST_WAIT_MILLISECONDS * 2 ** (tries - 1));

/**
 * Measures how far a job is by one number that only grows: the items that are recorded and those that are split, its
 * changes of state, and how often callers asked for another attempt or redrive.
 */
export const measureProgress = (job: Job, open: readonly SegmentRecord[]): number =>
  open.reduce((sum, { succeeded, failed }) => sum + succeeded + failed, job.succeeded + job.failed) +
  (job.seal?.itemCount ?? job.checkpoint.nextItem) +
  [job.startedAt, job.seal, job.completedAt].filter((change) => change !== undefined).length +
  2 * job.attempt +
  (job.redrive?.number ?? 0);

/** Counts the batches of a sealed job that are not recorded. */
export const countMissingBatches = (job: Job, open: readonly SegmentRecord[]): number =>
  open.reduce((sum, { segment, batches }) => sum + batchesOfSegment(job, segment) - batches.size, 0);

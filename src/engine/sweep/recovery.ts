import { batchesOfSegment, type Job, type Recovery } from '../model/job.ts';
import type { SegmentRecord } from '../model/segment.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** More messages add nothing but waiting to a queue that is deeper; five workers need seconds for so many. */
export const DEEP_QUEUE_MESSAGES = 500;

/**
 * As long as SQS keeps the messages of every queue (`QUEUE_RETENTION_DAYS`): what was sent before is gone, however deep
 * the queue.
 */
export const MESSAGES_LIVE_MILLISECONDS = 4 * DAY;

/** A shallow queue that could hold everything the job lacks is believed for this long. */
const SHALLOW_IS_BELIEVED_MILLISECONDS = HOUR;

/** The first wait; it doubles with each try that brings no progress. */
const FIRST_WAIT_MILLISECONDS = MINUTE;
const LONGEST_WAIT_MILLISECONDS = HOUR;

/** What a sweep does about a job that stands still. */
export type Step =
  | { readonly step: 'wait' }
  | { readonly step: 'hold'; readonly recovery: Recovery }
  | { readonly step: 'recover'; readonly recovery: Recovery };

/** A queue that the next messages go to, or through. */
export interface QueueSight {
  /** How many messages it holds. */
  readonly depth: number;
  /** How many messages in it would bring the job on; Infinity if none of the job can be in it. */
  readonly lacking: number;
}

/** What a sweep sees of a job that stands still. */
export interface Sight {
  readonly now: number;
  /** {@link progressNumber} */
  readonly progress: number;
  readonly queues: readonly QueueSight[];
  readonly deepQueue?: number | undefined;
}

const NEVER: Recovery = { number: 0, tries: 0, progress: -1, dueAt: 0 };

/**
 * Decides about a job that stands still. It is recovered when it is due, unless its messages may still be in the queue:
 * then its workers or splitters are busy or stand still themselves, and more messages would only make the queue longer.
 * Pure.
 */
export function stepOf({ recovery = NEVER }: Pick<Job, 'recovery'>, sight: Sight): Step {
  const { now, progress } = sight;
  const { number, heldSince, ...last } = recovery;
  // Whatever brought the progress, another standstill begins: it is judged from the beginning.
  const hasProgress = progress > last.progress;
  if (!hasProgress && now < last.dueAt) return { step: 'wait' };
  const since = hasProgress ? now : (heldSince ?? now);
  if (mayWait(sight, now - since)) {
    if (heldSince === since) return { step: 'wait' };
    const tries = hasProgress ? 0 : last.tries;
    return { step: 'hold', recovery: { number, tries, progress, dueAt: now, heldSince: since } };
  }
  const tries = hasProgress ? 1 : last.tries + 1;
  return { step: 'recover', recovery: { number: number + 1, tries, progress, dueAt: now + waitAfter(tries) } };
}

/** What is noted in place of a try whose messages could not be sent: the job is as due as before. */
export const untried = ({ recovery = NEVER }: Pick<Job, 'recovery'>, { number }: Recovery): Recovery => ({
  ...recovery,
  number,
});

/** Whether what a job lacks may still be in a queue, or would only make a deep one deeper. */
const mayWait = ({ queues, deepQueue = DEEP_QUEUE_MESSAGES }: Sight, heldMilliseconds: number): boolean =>
  queues.some(({ depth, lacking }) => {
    if (depth > deepQueue) return heldMilliseconds < MESSAGES_LIVE_MILLISECONDS;
    return depth >= lacking && heldMilliseconds < SHALLOW_IS_BELIEVED_MILLISECONDS;
  });

/** How long a sweep waits after a try, in milliseconds. */
export const waitAfter = (tries: number): number =>
  Math.min(LONGEST_WAIT_MILLISECONDS, FIRST_WAIT_MILLISECONDS * 2 ** (tries - 1));

/**
 * How far a job is, in one number that only grows: what is recorded and split, its turns, and how often callers asked
 * for more.
 */
export const progressNumber = (job: Job, open: readonly SegmentRecord[]): number =>
  open.reduce((sum, { succeeded, failed }) => sum + succeeded + failed, job.succeeded + job.failed) +
  (job.seal?.itemCount ?? job.checkpoint.nextItem) +
  [job.startedAt, job.seal, job.completedAt].filter((turn) => turn !== undefined).length +
  2 * job.attempt +
  (job.redrive?.number ?? 0);

/** How many batches of a sealed job are not recorded. */
export const lackingBatches = (job: Job, open: readonly SegmentRecord[]): number =>
  open.reduce((sum, { segment, batches }) => sum + batchesOfSegment(job, segment) - batches.size, 0);

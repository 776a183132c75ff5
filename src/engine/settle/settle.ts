import { eventIdOf } from '../model/identity.ts';
import {
  batchesOfSegment,
  isFullyRecorded,
  isTerminal,
  runOf,
  segmentCount,
  segmentKey,
  type Job,
  type JobKey,
} from '../model/job.ts';
import type { Clock } from '../ports/clock.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Announcer, JobEvent } from '../ports/messaging.ts';
import { add, includes } from '../model/ranges.ts';
import type { SegmentRecord } from '../model/segment.ts';
import { readJob } from '../stored-jobs.ts';
import { intolerable } from './tolerance.ts';

export interface SettlePorts {
  readonly jobs: Jobs;
  readonly ledger: Ledger;
  readonly announcer: Announcer;
  readonly clock: Clock;
}

/**
 * Rolls up what is full, stops what failed too much, and announces what is complete. Runs at the end of every delivery,
 * also of one whose batches were all recorded before: whoever died between recording and announcing is healed by the
 * redelivery.
 *
 * `touched` are ledger records as they are after recording. The job is read here, after them: a worker that read it
 * before may have missed the seal, and then nobody would see the last segment full.
 */
export async function settle(ports: SettlePorts, key: JobKey, touched: readonly SegmentRecord[]): Promise<void> {
  const job = await rollUpAll(ports, key, touched);
  if (isTerminal(job)) await announceEnd(ports, job);
  else if (isFullyRecorded(job)) await announceCompletion(ports, job);
}

/**
 * The first half of {@link settle}: what is announced is left to the caller. Resolves to the job as it is stored then.
 */
export async function rollUpAll(
  ports: Pick<SettlePorts, 'jobs' | 'clock'>,
  key: JobKey,
  touched: readonly SegmentRecord[],
): Promise<Job> {
  let job = await readJob(ports.jobs, key);
  for (const segment of touched) job = await rollUp(ports.jobs, job, segment);
  return stopIfIntolerable(ports, job);
}

/** Says that a fully recorded job is complete. The completer turns it, and any number of events come to the same. */
export const announceCompletion = ({ announcer }: Pick<SettlePorts, 'announcer'>, job: Job): Promise<void> =>
  announcer.announce(eventOf(job, 'completed'));

/** The numbers that are judged are still those of the store when the job is turned, or they are judged again. */
async function stopIfIntolerable({ jobs, clock }: Pick<SettlePorts, 'jobs' | 'clock'>, read: Job): Promise<Job> {
  let job = read;
  for (let failure = intolerable(job); failure && !isTerminal(job); failure = intolerable(job)) {
    job = await jobs.finish(job, { status: 'FAILED', at: clock.now(), failure, guard: { closed: job.closed } });
  }
  return job;
}

/** Whether a job failed or was cancelled, and it is not noted that everybody was told. */
export const owesEnd = ({ status, isAnnounced }: Job): boolean =>
  !isAnnounced && (status === 'FAILED' || status === 'CANCELLED');

/** Tells everybody that a job failed or was cancelled, until it is noted that they were told. */
export async function announceEnd(ports: Pick<SettlePorts, 'jobs' | 'announcer'>, job: Job): Promise<void> {
  if (!owesEnd(job)) return;
  await ports.announcer.announce(eventOf(job, job.status === 'FAILED' ? 'failed' : 'cancelled'));
  await ports.jobs.markAnnounced(job);
}

/**
 * {@link settle} for a fan-out: its last segment may have filled up before the seal told anybody that it was the last.
 */
export async function settleSealed(ports: SettlePorts, job: Job): Promise<void> {
  const count = job.seal ? segmentCount(job.cut, job.seal) : 0;
  const last = count === 0 ? [] : [segmentKey(job, count - 1)];
  await settle(ports, job, await ports.ledger.read(last));
}

async function rollUp(jobs: Jobs, job: Job, segment: SegmentRecord): Promise<Job> {
  const missing = batchesOfSegment(job, segment.segment) - segment.batches.size;
  // A segment that the seal does not know, as a forged message could name, has less than no batch.
  const isFull = segment.batches.size > 0 && missing === 0;
  let current = job;
  // Another worker may close another segment in between; then the set has changed and ours is added to the new one.
  while (isFull && !includes(current.closed, segment.segment)) {
    current = await jobs.close(current, {
      from: current.closed,
      to: add(current.closed, segment.segment),
      succeeded: segment.succeeded,
      failed: segment.failed,
      doneBytes: segment.bytes,
    });
  }
  return current;
}

/**
 * The event of a job's end. Everything in it comes from what no longer changes on the job, so every copy is the same.
 */
export const eventOf = (job: Job, kind: JobEvent['kind']): JobEvent => ({
  kind,
  tenant: job.tenant,
  jobId: job.jobId,
  eventId: eventIdOf(job),
  originId: runOf(job).jobId,
  createdAt: job.createdAt,
  ...(kind === 'completed' && {
    counts: { items: job.succeeded + job.failed, succeeded: job.succeeded, failed: job.failed },
  }),
  ...(job.failure && { failure: job.failure }),
});

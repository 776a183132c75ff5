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
import { checkTolerance } from './tolerance.ts';

export interface SettlePorts {
  readonly jobs: Jobs;
  readonly ledger: Ledger;
  readonly announcer: Announcer;
  readonly clock: Clock;
}

/**
 * Rolls up full segments, stops a job with too many failures, and announces a complete one. It runs at the end of every
 * delivery, also of one whose batches were all recorded before: if a worker dies between recording and announcing, the
 * redelivery announces.
 *
 * `touched` are the ledger records after recording. The job is read after them, here: a worker that read it earlier may
 * have missed the seal, and then no worker would find the last segment full.
 */
export async function settle(ports: SettlePorts, key: JobKey, touched: readonly SegmentRecord[]): Promise<void> {
  const job = await rollUpAll(ports, key, touched);
  if (isTerminal(job)) await announceEnd(ports, job);
  else if (isFullyRecorded(job)) await announceCompletion(ports, job);
}

/** Does the first half of {@link settle}, without announcing. Resolves to the job as stored afterwards. */
export async function rollUpAll(
  ports: Pick<SettlePorts, 'jobs' | 'clock'>,
  key: JobKey,
  touched: readonly SegmentRecord[],
): Promise<Job> {
  let job = await readJob(ports.jobs, key);
  for (const segment of touched) job = await rollUp(ports.jobs, job, segment);
  return stopIfNotTolerated(ports, job);
}

/** Announces that a fully recorded job is complete. The completer ends it once, after any number of events. */
export const announceCompletion = ({ announcer }: Pick<SettlePorts, 'announcer'>, job: Job): Promise<void> =>
  announcer.announce(eventOf(job, 'completed'));

/** Checks the tolerance again if the stored counts have changed before the job was ended. */
async function stopIfNotTolerated({ jobs, clock }: Pick<SettlePorts, 'jobs' | 'clock'>, read: Job): Promise<Job> {
  let job = read;
  for (let failure = checkTolerance(job); failure && !isTerminal(job); failure = checkTolerance(job)) {
    job = await jobs.finish(job, { status: 'FAILED', at: clock.now(), failure, guard: { closed: job.closed } });
  }
  return job;
}

/** Whether a job failed or was cancelled and this is not noted as announced. */
export const isEndUnannounced = ({ status, isAnnounced }: Job): boolean =>
  !isAnnounced && (status === 'FAILED' || status === 'CANCELLED');

/** Announces that a job failed or was cancelled, and notes it. Until it is noted, every call announces it again. */
export async function announceEnd(ports: Pick<SettlePorts, 'jobs' | 'announcer'>, job: Job): Promise<void> {
  if (!isEndUnannounced(job)) return;
  await ports.announcer.announce(eventOf(job, job.status === 'FAILED' ? 'failed' : 'cancelled'));
  await ports.jobs.markAnnounced(job);
}

/** Settles for a fan-out: the last segment may have filled before the seal, and no worker knew that it was the last. */
export async function settleSealed(ports: SettlePorts, job: Job): Promise<void> {
  const count = job.seal ? segmentCount(job.cut, job.seal) : 0;
  const last = count === 0 ? [] : [segmentKey(job, count - 1)];
  await settle(ports, job, await ports.ledger.read(last));
}

async function rollUp(jobs: Jobs, job: Job, segment: SegmentRecord): Promise<Job> {
  const missing = batchesOfSegment(job, segment.segment) - segment.batches.size;
  // A segment beyond the seal, which a forged message may name, has no batches and is not full.
  const isFull = segment.batches.size > 0 && missing === 0;
  let current = job;
  // If another worker closes another segment in between, this one is added to the changed set.
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

/** Builds the event of a job's end. It contains only what no longer changes on the job, so every copy is the same. */
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

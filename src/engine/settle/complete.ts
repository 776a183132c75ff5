import { toPlanContinuation } from '../model/continuation.ts';
import { NotCompleteError } from '../errors.ts';
import { isFullyRecorded, isTerminal, type Job, type JobKey } from '../model/job.ts';
import type { Clock } from '../ports/clock.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { Continuations } from '../ports/messaging.ts';
import { readJob, REDRIVES_MAX } from '../stored-jobs.ts';
import { checkTolerance } from './tolerance.ts';

export interface CompletePorts {
  readonly jobs: Jobs;
  readonly continuations: Continuations;
  readonly clock: Clock;
}

/**
 * Makes a fully recorded job COMPLETED, once. The event is only a hint; the job, read consistently, decides. A terminal
 * job stays as it is, so any number of events have one effect. A redrive that had no room for all items causes the next
 * one.
 * @throws NotCompleteError if outcomes are missing, UnknownJobError if the job is not stored
 */
export async function complete(ports: CompletePorts, key: JobKey): Promise<Job> {
  const job = await finish(ports, await readJob(ports.jobs, key));
  if (job.status === 'COMPLETED') await redriveRest(ports, job);
  return job;
}

async function finish(ports: CompletePorts, job: Job): Promise<Job> {
  if (isTerminal(job)) return job;
  // The service never announces such a job as complete, so the event is forged or damaged.
  if (!isFullyRecorded(job) || checkTolerance(job)) throw new NotCompleteError(job.jobId);
  return ports.jobs.finish(job, { status: 'COMPLETED', at: ports.clock.now(), guard: { isSealed: true } });
}

/** Any number of calls reserve the next number once. */
async function redriveRest(ports: CompletePorts, { tenant, redriveOf }: Job): Promise<void> {
  if (redriveOf?.restFrom === undefined) return;
  const number = redriveOf.number + 1;
  // The job has no redrive left. The rest stays failed, and the counts show it.
  if (number > REDRIVES_MAX) return;
  const { jobId, codes, restFrom: fromItem } = redriveOf;
  const job = await ports.jobs.reserveRedrive(
    { tenant, jobId },
    { number, ...(codes && { codes }), fromItem, isPlanned: false },
  );
  if (job.redrive?.number === number) await ports.continuations.send(toPlanContinuation(job, job.redrive));
}

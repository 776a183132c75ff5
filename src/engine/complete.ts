import { NotCompleteError } from './errors.ts';
import { isFullyRecorded, isTerminal, type Job, type JobKey } from './job.ts';
import type { Clock } from './ports/clock.ts';
import type { Jobs } from './ports/jobs.ts';
import { readJob } from './settle.ts';
import { intolerable } from './tolerance.ts';

/**
 * Fan in: turns a fully recorded job COMPLETED, once. The event is only a hint; the job, read consistently, decides. A job that
 * is terminal already stays as it is, so any number of events come to one effect.
 * @throws NotCompleteError if outcomes are missing, UnknownJobError if the job is not stored
 */
export async function complete(ports: { readonly jobs: Jobs; readonly clock: Clock }, key: JobKey): Promise<Job> {
  const job = await readJob(ports.jobs, key);
  if (isTerminal(job)) return job;
  // Such a job is never announced complete: whoever says so does not know.
  if (!isFullyRecorded(job) || intolerable(job)) throw new NotCompleteError(job.jobId);
  return ports.jobs.finish(job, { status: 'COMPLETED', at: ports.clock.now(), guard: { isSealed: true } });
}

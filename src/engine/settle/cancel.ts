import { NotCancellableError } from '../errors.ts';
import { isFullyRecorded, isTerminal, type Job, type JobKey } from '../model/job.ts';
import { announceEnd, type SettlePorts } from './settle.ts';
import { readJob } from '../stored-jobs.ts';

/**
 * Stops a running job at once: what is done stays done and counted, and what waits is dropped. A second call changes
 * nothing. A job whose every item has its outcome cannot be cancelled: its completion may be announced already.
 * @throws NotCancellableError, UnknownJobError
 */
export async function cancel(ports: Pick<SettlePorts, 'jobs' | 'announcer' | 'clock'>, key: JobKey): Promise<Job> {
  let job = await readJob(ports.jobs, key);
  while (!isTerminal(job)) {
    if (isFullyRecorded(job)) throw new NotCancellableError(job.jobId, 'COMPLETING');
    const guard = { closed: job.closed, isSealed: job.seal !== undefined };
    job = await ports.jobs.finish(job, { status: 'CANCELLED', at: ports.clock.now(), guard });
  }
  if (job.status === 'COMPLETED' || job.status === 'FAILED') throw new NotCancellableError(job.jobId, job.status);
  await announceEnd(ports, job);
  return job;
}

import { isTerminal, type Job, type JobKey } from './job.ts';
import type { Continuations } from './ports/messaging.ts';
import { announceEnd, readJob, type SettlePorts } from './settle.ts';

export interface GivenUp extends JobKey {
  /** The checkpoint's batch when the message was sent that has been given up. */
  readonly nextBatch: number;
}

/**
 * The end of a fan-out that failed again and again. If it got on since its message was sent, it gets another: not the source
 * stood in its way. If it did not, the job fails, unless somebody moved or sealed it in between.
 */
export async function failStuck(
  ports: Pick<SettlePorts, 'jobs' | 'announcer' | 'clock'> & { readonly continuations: Continuations },
  { tenant, jobId, nextBatch }: GivenUp,
): Promise<void> {
  let job: Job = await readJob(ports.jobs, { tenant, jobId });
  if (!isTerminal(job) && !job.seal && job.checkpoint.nextBatch === nextBatch) {
    const failure = {
      code: 'SPLIT_RETRIES_EXHAUSTED',
      message: `The file could not be read on beyond row ${job.checkpoint.nextItem + 1}, however often it was tried. Upload it again.`,
    };
    const guard = { isSealed: false, nextBatch };
    job = await ports.jobs.finish(job, { status: 'FAILED', at: ports.clock.now(), failure, guard });
  }
  if (isTerminal(job)) await announceEnd(ports, job);
  else await ports.continuations.send({ tenant, jobId, nextBatch: job.checkpoint.nextBatch });
}

import { continuationOf } from './continuation.ts';
import { isTerminal, type Job } from './job.ts';
import type { Continuation, Continuations } from './ports/messaging.ts';
import { announceEnd, readJob, type SettlePorts } from './settle.ts';

/** What the message said that has been given up. */
export type GivenUp = Omit<Continuation, 'resendFrom'>;

/**
 * The end of a fan-out that failed again and again. If it got on since its message was sent, it gets another: not the source
 * stood in its way. If it did not, the job fails, unless somebody moved or sealed it in between.
 */
export async function failStuck(
  ports: Pick<SettlePorts, 'jobs' | 'announcer' | 'clock'> & { readonly continuations: Continuations },
  givenUp: GivenUp,
): Promise<void> {
  const { tenant, jobId, nextBatch, attempt, redrive, reopens, recovery } = givenUp;
  // What comes after a job's end fails nothing: somebody asked for it, and it is tried again for as long as it takes.
  if (redrive || reopens) return ports.continuations.send(givenUp);
  let job: Job = await readJob(ports.jobs, { tenant, jobId });
  const hasStoodStill = job.checkpoint.nextBatch === nextBatch && job.attempt === attempt;
  if (!isTerminal(job) && !job.seal && hasStoodStill) {
    const failure = {
      code: 'SPLIT_RETRIES_EXHAUSTED',
      message: `The file could not be read on beyond row ${job.checkpoint.nextItem + 1}, however often it was tried. Redrive it to go on from there.`,
    };
    const guard = { isSealed: false, nextBatch };
    job = await ports.jobs.finish(job, { status: 'FAILED', at: ports.clock.now(), failure, guard });
  }
  if (isTerminal(job)) await announceEnd(ports, job);
  else await ports.continuations.send(continuationOf(job, { recovery }));
}

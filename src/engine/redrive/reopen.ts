import { isResumable, type Job } from '../model/job.ts';
import type { JobAttempt, Jobs } from '../ports/jobs.ts';
import type { Announcer } from '../ports/messaging.ts';
import { announceEnd } from '../settle/settle.ts';
import { readJob } from '../stored-jobs.ts';

/**
 * Begins the next attempt of a job that failed before its source was read to the end, if the job is still at the given
 * attempt. The end of that one is announced first: a reopened job no longer shows it.
 */
export async function reopen(
  ports: { readonly jobs: Jobs; readonly announcer: Announcer },
  { tenant, jobId, attempt }: JobAttempt,
): Promise<Job> {
  const job = await readJob(ports.jobs, { tenant, jobId });
  if (!isResumable(job) || job.attempt !== attempt) return job;
  await announceEnd(ports, job);
  return ports.jobs.reopen(job);
}

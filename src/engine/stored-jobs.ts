import { allDone } from './all-done.ts';
import { UnknownJobError } from './errors.ts';
import { redriveId } from './model/identity.ts';
import type { Job, JobKey } from './model/job.ts';
import type { Jobs } from './ports/jobs.ts';

/** The limit is there because every reader of a job also reads its redrives. */
export const REDRIVES_MAX = 100;

/** Derives the key of a job's n-th redrive, which is a job of its own. */
export const redriveKey = ({ tenant, jobId }: JobKey, number: number): JobKey => ({
  tenant,
  jobId: redriveId(jobId, number),
});

/** Reads the planned redrives of a job, in order. */
export async function runsOf(jobs: Pick<Jobs, 'read'>, job: Job): Promise<readonly Job[]> {
  const numbers = Array.from({ length: job.redrive?.number ?? 0 }, (_, index) => index + 1);
  const runs = await allDone(numbers.map((number) => jobs.read(redriveKey(job, number))));
  return runs.filter((run) => run !== undefined);
}

/** @throws UnknownJobError */
export async function readJob(jobs: Jobs, key: JobKey): Promise<Job> {
  const job = await jobs.read(key);
  if (!job) throw new UnknownJobError(key.tenant, key.jobId);
  return job;
}

import type { Job, Jobs } from '../../engine/index.ts';
import { taskFileNotFound } from '../errors.ts';

/** @throws TaskError TASK_FILE_NOT_FOUND */
export async function readFileJob(
  { jobs }: { readonly jobs: Pick<Jobs, 'read'> },
  tenant: string,
  id: string,
): Promise<Job> {
  const job = await jobs.read({ tenant, jobId: id });
  // A redrive is shown as a part of its file, and has no page of its own.
  if (!job || job.redriveOf) throw taskFileNotFound(id);
  return job;
}

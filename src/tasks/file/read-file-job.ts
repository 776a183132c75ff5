import type { Job, Jobs } from '../../engine/index.ts';
import { taskFileNotFound } from '../errors.ts';

/**
 * Reads the job of a task file.
 * @throws TaskError TASK_FILE_NOT_FOUND
 */
export async function readFileJob(
  { jobs }: { readonly jobs: Pick<Jobs, 'read'> },
  tenant: string,
  id: string,
): Promise<Job> {
  const job = await jobs.read({ tenant, jobId: id });
  // The API shows a redrive as a part of its file, not under the redrive's own id.
  if (!job || job.redriveOf) throw taskFileNotFound(id);
  return job;
}

import { UPLOADS_PREFIX, type TaskFile } from '../../contract/index.ts';
import {
  findEarlierJob,
  jobIdOfRequest,
  newJob,
  sourceKey,
  type Contents,
  type CutRule,
  type Ids,
  type ReadOptions,
  type Tolerance,
} from '../../engine/index.ts';
import { computeDigest } from '../digest.ts';
import { keyReused } from '../errors.ts';
import type { Uploads } from '../ports/uploads.ts';
import { readTaskFile, type TaskFilePorts } from '../file/to-task-file.ts';

export interface Upload {
  readonly tenant: string;
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly tolerance?: Tolerance;
  readonly options?: ReadOptions;
  readonly idempotencyKey?: string;
}

export interface UploadPorts extends TaskFilePorts {
  readonly uploads: Uploads;
  readonly contents: Contents;
  readonly ids: Ids;
  readonly cut: CutRule;
}

/**
 * Creates the task file and stores the bytes, which starts its processing. A repeated upload with the same idempotency
 * key makes no second task file. Without a key, the same bytes make another task file, with a warning.
 */
export async function uploadTaskFile(
  ports: UploadPorts,
  { tenant, fileName, bytes, tolerance, options, idempotencyKey }: Upload,
): Promise<TaskFile> {
  const jobId = idempotencyKey === undefined ? ports.ids.newId() : jobIdOfRequest(tenant, idempotencyKey);
  const requestDigest = computeDigest(fileName, JSON.stringify([tolerance ?? {}, options ?? {}]), bytes);
  const key = sourceKey(UPLOADS_PREFIX, { tenant, jobId }, fileName);
  const createdAt = ports.clock.now();
  const sameAs = await findEarlierJob(ports, { tenant, jobId }, computeDigest(bytes));
  const job = await ports.jobs.create(
    newJob({
      tenant,
      jobId,
      name: fileName,
      cut: ports.cut,
      source: { key, bytes: bytes.length },
      createdAt,
      requestDigest,
      ...(tolerance && { tolerance }),
      ...(options && { options }),
      ...(sameAs !== undefined && { sameAs }),
    }),
  );
  if (job.requestDigest !== requestDigest) throw keyReused();
  // An earlier try may have died before it stored the object. The same bytes, stored again, are the same version.
  if (job.status === 'NEW') await ports.uploads.put(key, bytes);
  return readTaskFile(ports, job);
}

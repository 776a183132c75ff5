import { parse, v5 } from 'uuid';
import type { Job, JobKey, SourceReference } from './job.ts';

/** The namespace of the derived ids. It must never change, or every derived id would change. */
const NAMESPACE = 'a53f2d58-9f6c-4a63-8f6d-2f1d2b6a5c11';

/** Derives the id of a job that a caller starts with an idempotency key: the same key has the same id. */
export const jobIdOfRequest = (tenant: string, idempotencyKey: string): string =>
  v5(`request\n${tenant}\n${idempotencyKey}`, NAMESPACE);

/**
 * Derives the id of a job for an object that was put straight into the store. The parts are those that an event and a
 * listing both show, so every event and every sweep results in the same job. A listing does not show version ids.
 */
export const jobIdOfObject = (bucket: string, key: string, etag: string): string =>
  v5(`object\n${bucket}\n${key}\n${etag}`, NAMESPACE);

/** Derives the ids of what the items of a job become, by index. */
export function itemIds(jobId: string): (index: number) => string {
  const namespace = parse(jobId);
  return (index) => v5(String(index), namespace);
}

/** Derives the id of what item `index` of a job becomes. */
export const itemId = (jobId: string, index: number): string => itemIds(jobId)(index);

/** Derives the id of the n-th redrive of a job, from 1. */
export const redriveId = (jobId: string, number: number): string => v5(`redrive ${number}`, jobId);

/** Derives the id of a job's terminal event. Each attempt has another one; that of the first is the job's id. */
export const eventIdOf = ({ jobId, attempt }: Pick<Job, 'jobId' | 'attempt'>): string =>
  attempt === 0 ? jobId : v5(`attempt ${attempt}`, jobId);

/** Builds the key under which a job's object is stored. */
export const sourceKey = (prefix: string, job: JobKey, name: string): string =>
  `${prefix}${job.tenant}/${job.jobId}/${name}`;

/**
 * Finds the job that a key names, if the key has the form of {@link sourceKey}. The uploader chooses the key, so use
 * the job only if one is stored that waits for this key.
 */
export function jobNamedBy(prefix: string, source: Pick<SourceReference, 'key'>): JobKey | undefined {
  const [tenant, jobId, ...name] = source.key.slice(prefix.length).split('/');
  return tenant && jobId && name.length > 0 ? { tenant, jobId } : undefined;
}

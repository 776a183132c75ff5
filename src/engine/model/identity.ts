import { parse, v5 } from 'uuid';
import type { Job, JobKey, SourceReference } from './job.ts';

/** Namespace of the ids derived here; a constant for ever, or every derived id would change. */
const NAMESPACE = 'a53f2d58-9f6c-4a63-8f6d-2f1d2b6a5c11';

/** Id of a job that a person starts with an idempotency key: the same for the same key. */
export const jobIdOfRequest = (tenant: string, idempotencyKey: string): string =>
  v5(`request\n${tenant}\n${idempotencyKey}`, NAMESPACE);

/**
 * Id of a job for an object that was put straight into the store: derived from what a listing shows too, never from the
 * event, so that every event and every sweep means the same job. A listing does not show the ids of versions that a
 * bucket may keep.
 */
export const jobIdOfObject = (bucket: string, key: string, etag: string): string =>
  v5(`object\n${bucket}\n${key}\n${etag}`, NAMESPACE);

/** Ids of what the items of a job become, by index. */
export function itemIds(jobId: string): (index: number) => string {
  const namespace = parse(jobId);
  return (index) => v5(String(index), namespace);
}

/** Id of what item `index` of a job becomes. */
export const itemId = (jobId: string, index: number): string => itemIds(jobId)(index);

/** Id of the n-th redrive of a job, from 1. */
export const redriveId = (jobId: string, number: number): string => v5(`redrive ${number}`, jobId);

/** Id of the terminal event of a job: its own, and another one each time that it was resumed. */
export const eventIdOf = ({ jobId, attempt }: Pick<Job, 'jobId' | 'attempt'>): string =>
  attempt === 0 ? jobId : v5(`attempt ${attempt}`, jobId);

/** The key under which a job's object is stored, and its parts again. */
export const sourceKey = (prefix: string, job: JobKey, name: string): string =>
  `${prefix}${job.tenant}/${job.jobId}/${name}`;

/**
 * The job that a key names, if it has the form of {@link sourceKey}. Only a stored job that waits for this key makes it
 * true.
 */
export function jobNamedBy(prefix: string, source: Pick<SourceReference, 'key'>): JobKey | undefined {
  const [tenant, jobId, ...name] = source.key.slice(prefix.length).split('/');
  return tenant && jobId && name.length > 0 ? { tenant, jobId } : undefined;
}

import { jobIdOfObject, jobNamedBy } from './identity.ts';
import { newJob, type CutRule, type Job, type Tolerance } from './job.ts';
import type { Clock } from './ports/clock.ts';
import type { Jobs } from './ports/jobs.ts';

/** One version of an object, as the store tells of it. */
export interface ReceivedObject {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  /** Of a bucket that keeps versions. */
  readonly versionId?: string;
  readonly bytes: number;
}

export interface ReceiveRules {
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly cut: CutRule;
  readonly prefix: string;
  /** Owner of objects that no stored job waits for. */
  readonly tenant: string;
  /** Of jobs of such objects. */
  readonly tolerance?: Tolerance;
}

/** The id of the job that an object has of its own, unless a stored job waits for it. */
const ownJobId = ({ bucket, key, versionId, etag }: ReceivedObject): string =>
  jobIdOfObject(bucket, key, versionId ?? etag);

/** Whether an object has its job. Only looks. */
export async function hasJob({ jobs, prefix, tenant }: ReceiveRules, object: ReceivedObject): Promise<boolean> {
  const named = jobNamedBy(prefix, object);
  const waiting = named && (await jobs.read(named));
  // One that still waits for the object has it: the event may be on its way.
  if (waiting?.source.key === object.key && (waiting.source.etag ?? object.etag) === object.etag) return true;
  return (await jobs.read({ tenant, jobId: ownJobId(object) })) !== undefined;
}

/**
 * The job of an object. The id in a key counts only if a stored job waits for exactly this key, and if no other version was
 * pinned to it; any other object gets a job of its own, the same whoever asks and however often.
 */
export async function jobOfObject(rules: ReceiveRules, object: ReceivedObject): Promise<Job> {
  const source = { key: object.key, etag: object.etag, bytes: object.bytes };
  const named = jobNamedBy(rules.prefix, object);
  const waiting = named && (await rules.jobs.read(named));
  if (waiting?.source.key === object.key) {
    const pinned = waiting.source.etag === undefined ? await rules.jobs.pin(waiting, source) : waiting;
    if (pinned.source.etag === object.etag) return pinned;
  }
  return rules.jobs.create(
    newJob({
      tenant: rules.tenant,
      jobId: ownJobId(object),
      name: object.key.slice(object.key.lastIndexOf('/') + 1),
      cut: rules.cut,
      source,
      createdAt: rules.clock.now(),
      ...(rules.tolerance && { tolerance: rules.tolerance }),
    }),
  );
}

import type { UnreadableJobError } from '../errors.ts';
import { jobIdOfObject, jobNamedBy } from '../model/identity.ts';
import { newJob, type CutRule, type Job, type JobKey, type Tolerance } from '../model/job.ts';
import type { Clock } from '../ports/clock.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { ReceivedObject } from '../ports/source.ts';

export interface ReceiveRules {
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly cut: CutRule;
  readonly prefix: string;
  /** The owner of objects that no stored job waits for. */
  readonly tenant: string;
  /** The tolerance of the jobs of such objects. */
  readonly tolerance?: Tolerance;
}

/** Derives the id of the job that an object gets, unless a stored job waits for it. */
const ownJobId = ({ bucket, key, etag }: ReceivedObject): string => jobIdOfObject(bucket, key, etag);

/** Whether a job is about this object, also if it still waits for it: the event may be on its way. */
const isJobOf = (job: Job | undefined, { key, etag }: ReceivedObject): boolean =>
  job?.source.key === key && (job.source.etag ?? etag) === etag;

/** Whether an object has a job. Reads, and changes nothing. */
export async function hasJob({ jobs, prefix, tenant }: ReceiveRules, object: ReceivedObject): Promise<boolean> {
  const named = jobNamedBy(prefix, object);
  const waiting = named && (await jobs.read(named));
  if (isJobOf(waiting, object)) return true;
  return (await jobs.read({ tenant, jobId: ownJobId(object) })) !== undefined;
}

const nameOf = ({ tenant, jobId }: JobKey): string => `${tenant}/${jobId}`;

/** Reads the jobs that are stored. An unreadable one is in the map as undefined. */
async function readByName(
  jobs: Jobs,
  keys: readonly JobKey[],
  onUnreadable: (reason: UnreadableJobError) => void,
): Promise<ReadonlyMap<string, Job | undefined>> {
  const distinct = new Map(keys.map((key) => [nameOf(key), key]));
  const stored = await jobs.readMany([...distinct.values()]);
  for (const reason of stored.unreadable) onUnreadable(reason);
  return new Map<string, Job | undefined>([
    ...stored.unreadable.map((job) => [nameOf(job), undefined] as const),
    ...stored.jobs.map((job) => [nameOf(job), job] as const),
  ]);
}

/**
 * Finds the objects that seem to have no job. The reads may lag behind, so {@link hasJob} decides. A stored job that is
 * unreadable counts as the object's. Changes nothing.
 */
export async function findWithoutJob(
  { jobs, prefix, tenant }: ReceiveRules,
  objects: readonly ReceivedObject[],
  onUnreadable: (reason: UnreadableJobError) => void,
): Promise<readonly ReceivedObject[]> {
  const named = await readByName(
    jobs,
    objects.flatMap((object) => jobNamedBy(prefix, object) ?? []),
    onUnreadable,
  );
  const rest = objects.filter((object) => {
    const key = jobNamedBy(prefix, object);
    if (!key || !named.has(nameOf(key))) return true;
    const job = named.get(nameOf(key));
    return job !== undefined && !isJobOf(job, object);
  });
  const ownKey = (object: ReceivedObject): JobKey => ({ tenant, jobId: ownJobId(object) });
  const own = await readByName(jobs, rest.map(ownKey), onUnreadable);
  return rest.filter((object) => !own.has(nameOf(ownKey(object))));
}

/**
 * Finds the job of an object, or creates it. The id in a key counts only if a stored job waits for exactly this key and
 * no other version is pinned to it. Any other object gets a job of its own, the same one for every event.
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

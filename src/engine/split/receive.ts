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
  /** Owner of objects that no stored job waits for. */
  readonly tenant: string;
  /** Of jobs of such objects. */
  readonly tolerance?: Tolerance;
}

/** The id of the job that an object has of its own, unless a stored job waits for it. */
const ownJobId = ({ bucket, key, etag }: ReceivedObject): string => jobIdOfObject(bucket, key, etag);

/** Whether a job is about this object. One that still waits for it is: the event may be on its way. */
const isJobOf = (job: Job | undefined, { key, etag }: ReceivedObject): boolean =>
  job?.source.key === key && (job.source.etag ?? etag) === etag;

/** Whether an object has its job. Only looks. */
export async function hasJob({ jobs, prefix, tenant }: ReceiveRules, object: ReceivedObject): Promise<boolean> {
  const named = jobNamedBy(prefix, object);
  const waiting = named && (await jobs.read(named));
  if (isJobOf(waiting, object)) return true;
  return (await jobs.read({ tenant, jobId: ownJobId(object) })) !== undefined;
}

const nameOf = ({ tenant, jobId }: JobKey): string => `${tenant}/${jobId}`;

/** Those that are stored; without a job, if that can't be read. */
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
 * The objects that seem to have no job: the reads may lag behind, so {@link hasJob} has the last word. A job that is
 * stored and can't be read counts as the object's. Only looks.
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
 * The job of an object. The id in a key counts only if a stored job waits for exactly this key, and if no other version
 * was pinned to it; any other object gets a job of its own, the same whoever asks and however often.
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

import * as z from 'zod';
import { cursorOf } from '../../../src/contract/index.ts';
import {
  isTerminal,
  UnknownJobError,
  type Clock,
  type Close,
  type Finish,
  type Guard,
  type Job,
  type JobKey,
  type JobListQuery,
  type JobPage,
  type Jobs,
  type PinnedSource,
  type Repair,
  type Start,
} from '../../../src/engine/index.ts';

const place = cursorOf(z.strictObject({ after: z.uuid() }));

const keyOf = ({ tenant, jobId }: JobKey): string => `${tenant}/${jobId}`;

const holds = ({ isSealed, closed, nextBatch }: Guard, job: Job): boolean =>
  (isSealed ?? job.seal !== undefined) === (job.seal !== undefined) &&
  JSON.stringify(closed ?? job.closed) === JSON.stringify(job.closed) &&
  (nextBatch ?? job.checkpoint.nextBatch) === job.checkpoint.nextBatch;

/** Jobs in memory. */
export class MemoryJobs implements Jobs {
  readonly #jobs = new Map<string, Job>();
  readonly #changedAt = new Map<string, number>();
  readonly #clock: Clock;

  constructor(clock: Clock = { now: () => 0 }) {
    this.#clock = clock;
  }

  async create(job: Job): Promise<Job> {
    if (!this.#jobs.has(keyOf(job))) this.#store(structuredClone(job));
    return this.#stored(job);
  }

  async read(key: JobKey): Promise<Job | undefined> {
    return structuredClone(this.#jobs.get(keyOf(key)));
  }

  async pin(key: JobKey, source: PinnedSource): Promise<Job> {
    return this.#changeIf(
      key,
      (job) => job.source.etag === undefined,
      () => ({ source }),
    );
  }

  async start(key: JobKey, { at, ...start }: Start): Promise<Job> {
    return this.#changeIf(
      key,
      (job) => job.status === 'NEW',
      () => ({ ...start, dataStart: start.checkpoint, status: 'IN_PROGRESS', startedAt: at }),
    );
  }

  async advance(key: JobKey, checkpoint: Job['checkpoint']): Promise<Job> {
    return this.#changeIf(
      key,
      (job) => !isTerminal(job) && !job.seal && job.checkpoint.nextBatch < checkpoint.nextBatch,
      () => ({ checkpoint }),
    );
  }

  async seal(key: JobKey, seal: NonNullable<Job['seal']>): Promise<Job> {
    return this.#changeIf(
      key,
      (job) => !isTerminal(job) && !job.seal,
      () => ({ seal }),
    );
  }

  async close(key: JobKey, { from, to, succeeded, failed, doneBytes }: Close): Promise<Job> {
    return this.#changeIf(
      key,
      (job) => JSON.stringify(job.closed) === JSON.stringify(from),
      (job) => ({
        closed: to,
        succeeded: job.succeeded + succeeded,
        failed: job.failed + failed,
        doneBytes: job.doneBytes + doneBytes,
      }),
    );
  }

  async finish(key: JobKey, { status, at, failure, guard }: Finish): Promise<Job> {
    return this.#changeIf(
      key,
      (job) => !isTerminal(job) && holds(guard, job),
      () => ({ status, completedAt: at, ...(failure && { failure }) }),
    );
  }

  async markAnnounced(key: JobKey): Promise<Job> {
    return this.#changeIf(
      key,
      () => true,
      () => ({ isAnnounced: true }),
    );
  }

  async repair(key: JobKey, { closed, from, to }: Repair): Promise<Job> {
    return this.#changeIf(
      key,
      ({ succeeded, failed, doneBytes, ...job }) =>
        JSON.stringify([job.closed, succeeded, failed, doneBytes]) ===
        JSON.stringify([closed, from.succeeded, from.failed, from.doneBytes]),
      () => to,
    );
  }

  async touch(key: JobKey): Promise<Job> {
    return this.#changeIf(
      key,
      () => true,
      () => ({}),
    );
  }

  async *listStill(before: number): AsyncGenerator<JobKey> {
    const still = [...this.#jobs.values()].filter((job) => (this.#changedAt.get(keyOf(job)) ?? 0) < before);
    for (const { tenant, jobId, status, isAnnounced } of still) {
      if (status !== 'COMPLETED' && !isAnnounced) yield { tenant, jobId };
    }
  }

  async list({ tenant, limit, status, after }: JobListQuery): Promise<JobPage> {
    const last = after === undefined ? undefined : place.decode(after).after;
    const newestFirst = [...this.#jobs.values()]
      .filter((job) => job.tenant === tenant)
      .toSorted((a, b) => b.createdAt - a.createdAt || (a.jobId < b.jobId ? 1 : -1));
    const rest = newestFirst.slice(newestFirst.findIndex(({ jobId }) => jobId === last) + 1);
    const matching = rest.filter((job) => status === undefined || job.status === status);
    const jobs = matching.slice(0, limit);
    const end = matching.length > limit ? jobs.at(-1)?.jobId : undefined;
    return { jobs: structuredClone(jobs), ...(end !== undefined && { after: place.encode({ after: end }) }) };
  }

  #changeIf(key: JobKey, condition: (job: Job) => boolean, change: (job: Job) => Partial<Job>): Job {
    const job = this.#stored(key);
    if (condition(job)) this.#store({ ...job, ...structuredClone(change(job)) });
    return this.#stored(key);
  }

  #store(job: Job): void {
    this.#jobs.set(keyOf(job), job);
    this.#changedAt.set(keyOf(job), this.#clock.now());
  }

  #stored(key: JobKey): Job {
    const job = this.#jobs.get(keyOf(key));
    if (!job) throw new UnknownJobError(key.tenant, key.jobId);
    return structuredClone(job);
  }
}

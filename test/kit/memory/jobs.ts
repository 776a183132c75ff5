import * as z from 'zod';
import { cursorOf } from '../../../src/contract/index.ts';
import {
  isTerminal,
  UnknownJobError,
  type Close,
  type Finish,
  type Job,
  type JobKey,
  type JobListQuery,
  type JobPage,
  type Jobs,
  type PinnedSource,
  type Start,
} from '../../../src/engine/index.ts';

const place = cursorOf(z.strictObject({ after: z.uuid() }));

const keyOf = ({ tenant, jobId }: JobKey): string => `${tenant}/${jobId}`;

/** Jobs in memory. */
export class MemoryJobs implements Jobs {
  readonly #jobs = new Map<string, Job>();

  async create(job: Job): Promise<Job> {
    if (!this.#jobs.has(keyOf(job))) this.#jobs.set(keyOf(job), structuredClone(job));
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
      () => ({ ...start, status: 'IN_PROGRESS', startedAt: at }),
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

  async finish(key: JobKey, { status, at, failure, whileSealed }: Finish): Promise<Job> {
    return this.#changeIf(
      key,
      (job) => !isTerminal(job) && (job.seal !== undefined) === whileSealed,
      () => ({ status, completedAt: at, ...(failure && { failure }) }),
    );
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
    if (condition(job)) this.#jobs.set(keyOf(key), { ...job, ...structuredClone(change(job)) });
    return this.#stored(key);
  }

  #stored(key: JobKey): Job {
    const job = this.#jobs.get(keyOf(key));
    if (!job) throw new UnknownJobError(key.tenant, key.jobId);
    return structuredClone(job);
  }
}

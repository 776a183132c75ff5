import * as z from 'zod';
import { cursorCodec } from '../../../src/contract/index.ts';
import {
  isTerminal,
  UnknownJobError,
  type Clock,
  type Close,
  type Finish,
  type FoundJobs,
  type Guard,
  type Job,
  type JobAttempt,
  type JobKey,
  type JobListQuery,
  type JobPage,
  type JobReport,
  type Jobs,
  type PinnedSource,
  type Recovery,
  type Redrive,
  type Repair,
  type Start,
} from '../../../src/engine/index.ts';

const position = cursorCodec(z.strictObject({ after: z.uuid() }));

const keyOf = ({ tenant, jobId }: JobKey): string => `${tenant}/${jobId}`;

const holds = ({ isSealed, isPinned, closed, nextBatch }: Guard, job: Job): boolean =>
  (isPinned ?? job.source.etag !== undefined) === (job.source.etag !== undefined) &&
  (isSealed ?? job.seal !== undefined) === (job.seal !== undefined) &&
  JSON.stringify(closed ?? job.closed) === JSON.stringify(job.closed) &&
  (nextBatch ?? job.checkpoint.nextBatch) === job.checkpoint.nextBatch;

/** Jobs in memory. A stored object never changes, so all readers may share it. */
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
    return this.#jobs.get(keyOf(key));
  }

  /** Reads as {@link read} does, but at once, for a test that watches. */
  peek(key: JobKey): Job | undefined {
    return this.#jobs.get(keyOf(key));
  }

  all(): readonly Job[] {
    return [...this.#jobs.values()];
  }

  async readMany(keys: readonly JobKey[]): Promise<FoundJobs> {
    return { jobs: keys.flatMap((key) => this.#jobs.get(keyOf(key)) ?? []), unreadable: [] };
  }

  async pin(key: JobKey, source: PinnedSource): Promise<Job> {
    return this.#changeIf(
      key,
      (job) => job.source.etag === undefined,
      (job) => ({ ...job, source }),
    );
  }

  async start(key: JobKey, { at, ...start }: Start): Promise<Job> {
    return this.#changeIf(
      key,
      (job) => job.status === 'NEW',
      (job) => ({ ...job, ...start, dataStart: start.checkpoint, status: 'IN_PROGRESS', startedAt: at }),
    );
  }

  async advance(key: JobKey, checkpoint: Job['checkpoint']): Promise<Job> {
    return this.#changeIf(
      key,
      (job) => !isTerminal(job) && !job.seal && job.checkpoint.nextBatch < checkpoint.nextBatch,
      (job) => ({ ...job, checkpoint }),
    );
  }

  async seal(key: JobKey, seal: NonNullable<Job['seal']>): Promise<Job> {
    return this.#changeIf(
      key,
      (job) => !isTerminal(job) && !job.seal,
      (job) => ({ ...job, seal }),
    );
  }

  async close(key: JobKey, { from, to, succeeded, failed, doneBytes }: Close): Promise<Job> {
    return this.#changeIf(
      key,
      (job) => JSON.stringify(job.closed) === JSON.stringify(from),
      (job) => ({
        ...job,
        closed: to,
        succeeded: job.succeeded + succeeded,
        failed: job.failed + failed,
        doneBytes: job.doneBytes + doneBytes,
      }),
    );
  }

  async finish({ attempt, ...key }: JobAttempt, { status, at, failure, guard }: Finish): Promise<Job> {
    return this.#changeIf(
      key,
      (job) => !isTerminal(job) && job.attempt === attempt && holds(guard, job),
      (job) => ({ ...job, status, completedAt: at, ...(failure && { failure }) }),
    );
  }

  async reopen({ attempt, ...key }: JobAttempt): Promise<Job> {
    return this.#changeIf(
      key,
      (job) => job.status === 'FAILED' && job.attempt === attempt,
      ({ failure: _, completedAt: __, isAnnounced: ___, report: ____, ...job }) => ({
        ...job,
        status: job.header ? 'IN_PROGRESS' : 'NEW',
        attempt: attempt + 1,
      }),
    );
  }

  async reserveRedrive(key: JobKey, redrive: Redrive): Promise<Job> {
    return this.#changeIf(
      key,
      (job) => isTerminal(job) && (job.redrive?.number ?? 0) === redrive.number - 1,
      (job) => ({ ...job, redrive }),
    );
  }

  async markPlanned(key: JobKey, number: number): Promise<Job> {
    return this.#changeIf(
      key,
      ({ redrive }) => redrive?.number === number && !redrive.isPlanned,
      (job) => ({ ...job, redrive: { ...job.redrive!, isPlanned: true } }),
    );
  }

  async attachReport({ attempt, ...key }: JobAttempt, report: JobReport): Promise<Job> {
    return this.#changeIf(
      key,
      (job) => job.attempt === attempt && (job.report?.run ?? -1) <= report.run,
      (job) => ({ ...job, report }),
    );
  }

  async markAnnounced({ attempt, ...key }: JobAttempt): Promise<Job> {
    return this.#changeIf(
      key,
      (job) => job.attempt === attempt,
      (job) => ({ ...job, isAnnounced: true }),
    );
  }

  async repair(key: JobKey, { closed, from, to }: Repair): Promise<Job> {
    return this.#changeIf(
      key,
      ({ succeeded, failed, doneBytes, ...job }) =>
        JSON.stringify([job.closed, succeeded, failed, doneBytes]) ===
        JSON.stringify([closed, from.succeeded, from.failed, from.doneBytes]),
      (job) => ({ ...job, ...to }),
    );
  }

  async recover(key: JobKey, from: number, recovery: Recovery): Promise<Job> {
    return this.#changeIf(
      key,
      (job) => (job.recovery?.number ?? 0) === from,
      (job) => ({ ...job, recovery }),
    );
  }

  async markResent(key: JobKey, recovery: number): Promise<Job> {
    return this.#changeIf(
      key,
      ({ resent = 0 }) => resent < recovery,
      (job) => ({ ...job, resent: recovery }),
    );
  }

  async *listStalled(before: number): AsyncGenerator<JobKey> {
    const still = [...this.#jobs.values()].filter((job) => (this.#changedAt.get(keyOf(job)) ?? 0) < before);
    for (const { tenant, jobId, status, isAnnounced, redrive } of still) {
      const isOwed = status !== 'COMPLETED' && !isAnnounced;
      if (isOwed || redrive?.isPlanned === false) yield { tenant, jobId };
    }
  }

  async list({ tenant, limit, status, after }: JobListQuery): Promise<JobPage> {
    const last = after === undefined ? undefined : position.decode(after).after;
    const newestFirst = [...this.#jobs.values()]
      .filter((job) => job.tenant === tenant && !job.redriveOf)
      .toSorted((a, b) => b.createdAt - a.createdAt || (a.jobId < b.jobId ? 1 : -1));
    const rest = newestFirst.slice(newestFirst.findIndex(({ jobId }) => jobId === last) + 1);
    const matching = rest.filter((job) => status === undefined || job.status === status);
    const jobs = matching.slice(0, limit);
    const end = matching.length > limit ? jobs.at(-1)?.jobId : undefined;
    return { jobs, ...(end !== undefined && { after: position.encode({ after: end }) }) };
  }

  #changeIf(key: JobKey, condition: (job: Job) => boolean, change: (job: Job) => Job): Job {
    const job = this.#stored(key);
    if (condition(job)) this.#store(change(job));
    return this.#stored(key);
  }

  #store(job: Job): void {
    this.#jobs.set(keyOf(job), job);
    this.#changedAt.set(keyOf(job), this.#clock.now());
  }

  #stored(key: JobKey): Job {
    const job = this.#jobs.get(keyOf(key));
    if (!job) throw new UnknownJobError(key.tenant, key.jobId);
    return job;
  }
}

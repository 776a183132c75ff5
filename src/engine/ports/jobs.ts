import type { Checkpoint, Job, JobFailure, JobKey, JobStatus, PinnedSource, Seal } from '../job.ts';
import type { Ranges } from '../ranges.ts';

/** What the first reading of a source tells. */
export interface Start {
  readonly header: readonly string[];
  readonly checkpoint: Checkpoint;
  readonly at: number;
}

/** Rolls one more segment up: from the closed set that was read to the new one, with the segment's counts. */
export interface Close {
  readonly from: Ranges;
  readonly to: Ranges;
  readonly succeeded: number;
  readonly failed: number;
  readonly doneBytes: number;
}

export interface Finish {
  readonly status: Extract<JobStatus, 'COMPLETED' | 'FAILED' | 'CANCELLED'>;
  readonly at: number;
  readonly failure?: JobFailure;
  /** The turn happens only while this holds, besides the job not being terminal. */
  readonly whileSealed: boolean;
}

export interface JobListQuery {
  readonly tenant: string;
  readonly limit: number;
  readonly status?: JobStatus;
  /** Of the page before. */
  readonly after?: string;
}

export interface JobPage {
  readonly jobs: readonly Job[];
  readonly after?: string;
}

/**
 * The job store. Every write is conditional, changes at most one job, and resolves to the job as it is stored afterwards,
 * whoever wrote it: a caller compares instead of asking whether it has won, so a repeated write needs no special case.
 * Reads and results are consistent, but for {@link list}.
 */
export interface Jobs {
  /** Stores a job unless one is stored under its key. */
  create(job: Job): Promise<Job>;
  read(key: JobKey): Promise<Job | undefined>;
  /** Pins the version of its source that a job is about, once. */
  pin(key: JobKey, source: PinnedSource): Promise<Job>;
  /** NEW → IN_PROGRESS, once. */
  start(key: JobKey, start: Start): Promise<Job>;
  /** Moves the checkpoint, forward only, of a job that is neither sealed nor terminal. */
  advance(key: JobKey, checkpoint: Checkpoint): Promise<Job>;
  /** Fixes the totals, once, of a job that is not terminal. */
  seal(key: JobKey, seal: Seal): Promise<Job>;
  /** Rolls a segment up if the closed set is still `from`. */
  close(key: JobKey, close: Close): Promise<Job>;
  /** One-way turn into a terminal status. */
  finish(key: JobKey, finish: Finish): Promise<Job>;
  /** Newest first; may lag behind the writes. */
  list(query: JobListQuery): Promise<JobPage>;
}

import type {
  Checkpoint,
  Job,
  JobFailure,
  JobKey,
  JobReport,
  JobStatus,
  PinnedSource,
  Recovery,
  Redrive,
  Seal,
} from '../model/job.ts';
import type { JobFailureCode, UnreadableJobError } from '../errors.ts';
import type { SourceFormat } from '../model/source-format.ts';
import type { Ranges } from '../model/ranges.ts';

/** What the first reading of a source finds. */
export interface Start {
  readonly format: SourceFormat;
  readonly header: readonly string[];
  readonly checkpoint: Checkpoint;
  readonly similarTo?: string;
  readonly at: number;
}

/** The roll-up of one more segment: the closed set that was read, the new one, and the counts of the segment. */
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
  readonly failure?: JobFailure<JobFailureCode>;
  readonly guard: Guard;
}

/** The rolled-up counts of a job. */
export interface Counts {
  readonly succeeded: number;
  readonly failed: number;
  readonly doneBytes: number;
}

/** A correction of the rolled-up counts, if they and the closed set are still those that were read. */
export interface Repair {
  readonly closed: Ranges;
  readonly from: Counts;
  readonly to: Counts;
}

/** A job at one of its attempts. A decision about an earlier attempt does not apply to a later one. */
export type JobAttempt = Pick<Job, 'tenant' | 'jobId' | 'attempt'>;

/** What must still be as it was read when a job is ended. The job must not be terminal in any case. */
export interface Guard {
  readonly isSealed?: boolean;
  /** Whether the version of its source is pinned. */
  readonly isPinned?: boolean;
  readonly closed?: Ranges;
  /** The next batch of the checkpoint. */
  readonly nextBatch?: number;
}

export interface JobListQuery {
  readonly tenant: string;
  readonly limit: number;
  readonly status?: JobStatus;
  /** The `after` of the page before. */
  readonly after?: string;
}

export interface JobPage {
  readonly jobs: readonly Job[];
  readonly after?: string;
}

/** The jobs that were found, in any order. */
export interface FoundJobs {
  readonly jobs: readonly Job[];
  /** The errors of jobs that are stored and cannot be read. */
  readonly unreadable: readonly UnreadableJobError[];
}

/**
 * The job store. Every write is conditional and changes at most one job. It resolves to the job as stored afterwards,
 * no matter which writer wrote it: the engine compares the result instead of asking whether its write won, so a
 * repeated write needs no special case. Reads and results are consistent, unless a method says otherwise. Reads of a
 * job that is stored in an unknown form reject with an UnreadableJobError.
 */
export interface Jobs {
  /** Stores a job unless one is stored under its key. */
  create(job: Job): Promise<Job>;
  read(key: JobKey): Promise<Job | undefined>;
  /** Reads those that are stored. It may lag behind the writes, and costs half of {@link read}. */
  readMany(keys: readonly JobKey[]): Promise<FoundJobs>;
  /** Pins the version of the job's source, once. */
  pin(key: JobKey, source: PinnedSource): Promise<Job>;
  /** Moves a job from NEW to IN_PROGRESS, once. */
  start(key: JobKey, start: Start): Promise<Job>;
  /** Moves the checkpoint of a job that is neither sealed nor terminal, forward only. */
  advance(key: JobKey, checkpoint: Checkpoint): Promise<Job>;
  /** Fixes the totals of a job that is not terminal, once. */
  seal(key: JobKey, seal: Seal): Promise<Job>;
  /** Rolls a segment up if the closed set is still `from`. */
  close(key: JobKey, close: Close): Promise<Job>;
  /** Ends the attempt that was read: moves the job into a terminal status. */
  finish(job: JobAttempt, finish: Finish): Promise<Job>;
  /**
   * Begins the next attempt after the failed one that was read: moves the job from FAILED back to NEW or IN_PROGRESS,
   * with its end neither announced nor reported.
   */
  reopen(job: JobAttempt & Pick<Job, 'header'>): Promise<Job>;
  /** Reserves the number of the next redrive of a terminal job, if the number before is the latest. */
  reserveRedrive(key: JobKey, redrive: Redrive): Promise<Job>;
  /** Notes that the job of a redrive is stored. */
  markPlanned(key: JobKey, number: number): Promise<Job>;
  repair(key: JobKey, repair: Repair): Promise<Job>;
  /** Notes a recovery of the job, if the latest one still has the number `from` (0: there is none). */
  recover(key: JobKey, from: number, recovery: Recovery): Promise<Job>;
  /** Notes that a recovery sent again everything that the ledger lacked, unless a later one did. */
  markResent(key: JobKey, recovery: number): Promise<Job>;
  /** Notes that the end of the attempt that was read is announced. */
  markAnnounced(job: JobAttempt): Promise<Job>;
  /** Attaches a report to the attempt that was read, unless one is attached that includes a later run. */
  attachReport(job: JobAttempt, report: JobReport): Promise<Job>;
  /** Lists jobs without redrives, newest first. It may lag behind the writes. */
  list(query: JobListQuery): Promise<JobPage>;
  /**
   * Lists the jobs that have not changed since `before` and are not finished: not terminal, their end not announced, or
   * their redrive not planned. It may lag behind the writes.
   */
  listStalled(before: number): AsyncIterable<JobKey>;
}

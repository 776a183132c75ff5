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

/** What the first reading of a source tells. */
export interface Start {
  readonly format: SourceFormat;
  readonly header: readonly string[];
  readonly checkpoint: Checkpoint;
  readonly similarTo?: string;
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
  readonly failure?: JobFailure<JobFailureCode>;
  readonly guard: Guard;
}

/** What is rolled up on a job. */
export interface Counts {
  readonly succeeded: number;
  readonly failed: number;
  readonly doneBytes: number;
}

/** Corrects the rolled-up numbers, if they and the closed set are still those that were read. */
export interface Repair {
  readonly closed: Ranges;
  readonly from: Counts;
  readonly to: Counts;
}

/** A job at one of its attempts: what was decided about an earlier one does not hold for a later one. */
export type JobAttempt = Pick<Job, 'tenant' | 'jobId' | 'attempt'>;

/**
 * What must still be as it was read when a job is turned, besides that it is not terminal. Absent: it does not matter.
 */
export interface Guard {
  readonly isSealed?: boolean;
  /** Whether the version of its source is known. */
  readonly isPinned?: boolean;
  readonly closed?: Ranges;
  /** Of the checkpoint. */
  readonly nextBatch?: number;
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

/** Jobs that were found, in any order. */
export interface FoundJobs {
  readonly jobs: readonly Job[];
  /** Why others could not be read that are stored, too. */
  readonly unreadable: readonly UnreadableJobError[];
}

/**
 * The job store. Every write is conditional, changes at most one job, and resolves to the job as it is stored
 * afterwards, whoever wrote it: a caller compares instead of asking whether it has won, so a repeated write needs no
 * special case. Reads and results are consistent, but for those that say otherwise. Whoever reads a job that is stored
 * and can't be read gets an UnreadableJobError.
 */
export interface Jobs {
  /** Stores a job unless one is stored under its key. */
  create(job: Job): Promise<Job>;
  read(key: JobKey): Promise<Job | undefined>;
  /** Those that are stored. May lag behind the writes, for half the price of {@link read}. */
  readMany(keys: readonly JobKey[]): Promise<FoundJobs>;
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
  /** One-way turn into a terminal status, of the attempt that was read. */
  finish(job: JobAttempt, finish: Finish): Promise<Job>;
  /**
   * From FAILED to where it was, NEW or IN_PROGRESS, of the attempt that was read: the next attempt begins, its end
   * neither announced nor reported.
   */
  reopen(job: JobAttempt & Pick<Job, 'header'>): Promise<Job>;
  /** Notes the next redrive of a terminal job, if the one with the number before is the latest. */
  reserveRedrive(key: JobKey, redrive: Redrive): Promise<Job>;
  /** Notes that the job of a redrive is stored. */
  markPlanned(key: JobKey, number: number): Promise<Job>;
  repair(key: JobKey, repair: Repair): Promise<Job>;
  /** Notes what the sweep does for the job, if the latest recovery still has the number `from` (0: there is none). */
  recover(key: JobKey, from: number, recovery: Recovery): Promise<Job>;
  /** Notes that a recovery sent again everything the ledger lacked, unless a later one did. */
  markResent(key: JobKey, recovery: number): Promise<Job>;
  /** Notes that the end of a terminal job has been announced, of the attempt that was read. */
  markAnnounced(job: JobAttempt): Promise<Job>;
  /** Attaches a report to the attempt that was read, unless one is attached that takes a later run into account. */
  attachReport(job: JobAttempt, report: JobReport): Promise<Job>;
  /** Newest first, without redrives; may lag behind the writes. */
  list(query: JobListQuery): Promise<JobPage>;
  /**
   * Jobs that somebody still owes something: not terminal, not announced, or not planned; unchanged since `before`. May
   * lag.
   */
  listStalled(before: number): AsyncIterable<JobKey>;
}

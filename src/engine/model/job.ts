import { isForGood, UnpinnedSourceError } from '../errors.ts';
import type { Ranges } from './ranges.ts';
import { coversThrough } from './ranges.ts';
import { DEFAULT_FORMAT, type ReadOptions, type SourceFormat } from './source-format.ts';
import type { SegmentKey } from './segment.ts';

/**
 * A job is one pass over one immutable source. It moves one way:
 * NEW → IN_PROGRESS → COMPLETED | FAILED | CANCELLED.
 *
 * - NEW          The job is stored. It waits for the first version of its source, which is then pinned, and its header.
 * - IN_PROGRESS  The header is known, and items are cut, processed and counted. Before the seal the total is not known,
 *                and nothing can complete the job. With a seal and every segment closed, it waits for the completer.
 * - COMPLETED    Every item has its outcome. Items may have failed.
 * - FAILED       The source could not be processed, or too many items failed. What was done stays done and counted.
 * - CANCELLED    A caller stopped the job. What was done stays done and counted.
 *
 * One way leads back: a job that failed before its source was read to the end can be resumed ({@link isResumable}). It
 * goes from FAILED to where it was, as another attempt with a terminal event of its own. The failed items of a job that
 * has ended can be redriven: a redrive is a job of its own ({@link RedriveOf}), and the first one stays as it is.
 */
export type JobStatus = 'NEW' | 'IN_PROGRESS' | 'COMPLETED' | 'FAILED' | 'CANCELLED';

export interface JobKey {
  readonly tenant: string;
  readonly jobId: string;
}

/** The sizes by which a source is cut. They are fixed at creation, so a deployment does not change a running job. */
export interface CutRule {
  readonly itemsPerBatch: number;
  readonly batchesPerSegment: number;
  /** A batch ends before the JSON text of its cells exceeds this many bytes. */
  readonly batchBytes: number;
}

/** One version of a stored object. Without `etag` the job still waits for the first version under its key. */
export interface SourceReference {
  readonly key: string;
  readonly etag?: string;
  /** Size in bytes. */
  readonly bytes?: number;
}

export type PinnedSource = Required<SourceReference>;

/** A source that the caller uploads by presigned URLs, with `parts` if it is uploaded in parts. */
export interface PresignedSource {
  readonly parts?: {
    /** The id of the upload in the object store. */
    readonly uploadId: string;
    /** The size of each part but the last, which has the rest. */
    readonly bytes: number;
  };
}

/** The position up to which every batch is sent and acknowledged. Another fan-out continues there. */
export interface Checkpoint {
  /** The offset of the first byte that is not yet cut into a batch. */
  readonly byteOffset: number;
  /** The line at that offset, from 1. */
  readonly line: number;
  readonly nextItem: number;
  readonly nextBatch: number;
}

/** The final totals. They are written once, when the source has been read to its end. */
export interface Seal {
  readonly itemCount: number;
  readonly batchCount: number;
}

/** How many items may fail before a job is stopped. Without a tolerance all may. */
export interface Tolerance {
  /** The percentage of the outcomes so far, from 0 to 100. It is checked from 1,000 outcomes on, and at the end. */
  readonly failedPercent?: number;
  readonly failedCount?: number;
}

/** The failure as stored. Another version of the service may have written a code that this one does not know. */
export interface JobFailure<Code extends string = string> {
  readonly code: Code;
  readonly message: string;
}

/** Makes a job the redrive of another one. It runs over failed items of that job, which keep their ids. */
export interface RedriveOf {
  readonly jobId: string;
  readonly createdAt: number;
  /** The number of the redrive, from 1. */
  readonly number: number;
  /** The codes that the caller asked for; absent: all. */
  readonly codes?: readonly string[];
  /** The first failed item that this run had no room for. The next redrive begins there. */
  readonly restFrom?: number;
}

/** The latest redrive of a job. */
export interface Redrive {
  readonly number: number;
  /** The codes whose items are redriven, sorted; absent: all. */
  readonly codes?: readonly string[];
  /** The first item that is redriven; absent: item 0. */
  readonly fromItem?: number;
  /** Whether the job of this redrive is stored. */
  readonly isPlanned: boolean;
}

/** The failed items with the same code in the same column. */
export interface FailureGroup {
  readonly code: string;
  readonly column?: string;
  readonly count: number;
  readonly firstIndex: number;
  /** The message of the first item. */
  readonly message: string;
}

/** The report about the failed items of a job that has ended. */
export interface JobReport {
  /** The latest run that the report includes. */
  readonly run: number;
  /** When the report was attached; absent in reports of earlier versions of the service. */
  readonly at?: number;
  /** The largest groups. */
  readonly groups: readonly FailureGroup[];
  /** How many items the other groups have together. */
  readonly others: number;
  /** The key of the fix file; absent if no failure remains. */
  readonly fixFileKey?: string;
}

/**
 * An action of the sweep for a job without progress. The messages that follow from it have its number, so those of an
 * earlier recovery are recognized and dropped.
 */
export interface Recovery {
  /** How many recoveries the job has had, from 1; 0 if the sweep has noted a wait before the first one. */
  readonly number: number;
  /** How many of them since the last progress. The sweep waits twice as long after each. */
  readonly tries: number;
  /** The progress of the job at that time, as a number that only grows. */
  readonly progress: number;
  /** The instant from which the next recovery may follow; it may follow earlier if there is progress. */
  readonly dueAt: number;
  /** The instant since which the sweep holds the next recovery back, because messages of the job may still wait. */
  readonly heldSince?: number;
}

/** One pass over items: the first, or a redrive. The result of an item has the same id and content in every run. */
export interface Run extends JobKey {
  /** When the job was created that the items came with; `jobId` is its id too. */
  readonly createdAt: number;
  /**
   * The number of the redrive; 0 is the first pass. The decision of a later run about an item overrides an earlier one.
   */
  readonly number: number;
}

export interface Job extends JobKey {
  readonly name: string;
  readonly status: JobStatus;
  readonly cut: CutRule;
  readonly tolerance?: Tolerance;
  readonly source: SourceReference;
  /** Absent if the API stores the source at once, or if the source was stored before the job. */
  readonly presigned?: PresignedSource;
  /** The caller's options for reading the source. */
  readonly options?: ReadOptions;
  /** The format of the source; it is detected when the job is started. */
  readonly format: SourceFormat;
  /** The header record as read; absent until the job is started. */
  readonly header?: readonly string[];
  /** The position of the first item; absent until the job is started. */
  readonly dataStart?: Checkpoint;
  readonly checkpoint: Checkpoint;
  readonly seal?: Seal;
  /** The segments that are rolled up into the three counts below. */
  readonly closed: Ranges;
  readonly succeeded: number;
  readonly failed: number;
  /** The bytes of the source whose items have their outcomes. */
  readonly doneBytes: number;
  /** In milliseconds since 1970, UTC, as all instants of the engine. */
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly completedAt?: number;
  readonly failure?: JobFailure;
  /** Whether it is announced that the job failed or was cancelled. */
  readonly isAnnounced?: boolean;
  /** The earlier job with the same bytes. */
  readonly sameAs?: string;
  /** The earlier job with most of the first rows; absent until the job is started. */
  readonly similarTo?: string;
  /** The digest of the request that created the job, to tell a repeated request from another one. */
  readonly requestDigest?: string;
  /** How many times the job was resumed after it had failed. */
  readonly attempt: number;
  readonly redriveOf?: RedriveOf;
  readonly redrive?: Redrive;
  readonly report?: JobReport;
  readonly recovery?: Recovery;
  /** The latest recovery that sent again everything that the ledger lacked. Copies of earlier ones are obsolete. */
  readonly resent?: number;
}

export const START: Checkpoint = { byteOffset: 0, line: 1, nextItem: 0, nextBatch: 0 };

export interface NewJob extends JobKey {
  readonly name: string;
  readonly cut: CutRule;
  readonly source: SourceReference;
  readonly presigned?: PresignedSource;
  readonly tolerance?: Tolerance;
  readonly options?: ReadOptions;
  readonly createdAt: number;
  readonly sameAs?: string;
  readonly requestDigest?: string;
}

export const newJob = (job: NewJob): Job => ({
  ...job,
  status: 'NEW',
  checkpoint: START,
  closed: [],
  succeeded: 0,
  failed: 0,
  doneBytes: 0,
  attempt: 0,
  format: DEFAULT_FORMAT,
});

/** The code of a job that was stopped because more items failed than it tolerates. */
export const TOO_MANY_FAILURES = 'TOO_MANY_FAILURES';

export const isTerminal = (job: Job): boolean =>
  job.status === 'COMPLETED' || job.status === 'FAILED' || job.status === 'CANCELLED';

/**
 * Whether its items must not be processed any more. A job that failed for another reason still finishes sent batches.
 */
export const isStopped = (job: Job): boolean => job.status === 'CANCELLED' || job.failure?.code === TOO_MANY_FAILURES;

/** Whether first deliveries of its batches are processed. Those of a complete job are all recorded already. */
export const takesWork = (job: Job): boolean => job.status !== 'COMPLETED' && !isStopped(job);

/**
 * Whether its source can be read on from the checkpoint; the batches before it have their outcomes, or will have them.
 * A damaged source fails again at the same position, and a source that never arrived cannot be read.
 */
export const isResumable = (job: Job): boolean =>
  job.status === 'FAILED' &&
  !isStopped(job) &&
  !isForGood(job.failure?.code) &&
  job.seal === undefined &&
  job.source.etag !== undefined;

/** Returns the id that the segments and messages of a job have: its own, also for a redrive. */
export const runId = (job: JobKey): string => job.jobId;

/** Returns the run that a job is. */
export const runOf = ({ tenant, jobId, createdAt, redriveOf }: Job): Run => ({
  tenant,
  jobId: redriveOf?.jobId ?? jobId,
  createdAt: redriveOf?.createdAt ?? createdAt,
  number: redriveOf?.number ?? 0,
});

/** @throws UnpinnedSourceError */
export function pinnedSource({ jobId, source: { key, etag, bytes } }: Job): PinnedSource {
  if (etag === undefined || bytes === undefined) throw new UnpinnedSourceError(jobId);
  return { key, etag, bytes };
}

export const segmentOf = (cut: CutRule, batch: number): number => Math.floor(batch / cut.batchesPerSegment);

export const segmentCount = (cut: CutRule, seal: Seal): number => Math.ceil(seal.batchCount / cut.batchesPerSegment);

/** Counts the segments that may hold outcomes: all of a sealed job, those up to the checkpoint of any other. */
export const segmentsBegun = (job: Job): number =>
  job.seal ? segmentCount(job.cut, job.seal) : segmentOf(job.cut, job.checkpoint.nextBatch) + 1;

export const segmentKey = (job: Job, segment: number): SegmentKey => ({
  tenant: job.tenant,
  runId: runId(job),
  segment,
});

/** Counts the batches of a full segment. The last segment may be shorter, which is known once the job is sealed. */
export function batchesOfSegment(job: Pick<Job, 'cut' | 'seal'>, segment: number): number {
  const capacity = job.cut.batchesPerSegment;
  return job.seal ? Math.min(capacity, job.seal.batchCount - segment * capacity) : capacity;
}

/** Whether a job is sealed and every segment is rolled up: every item has its outcome, stored and counted. */
export const isFullyRecorded = (job: Job): boolean =>
  job.seal !== undefined && coversThrough(job.closed, segmentCount(job.cut, job.seal));

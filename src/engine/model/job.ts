import { isForGood, UnpinnedSourceError } from '../errors.ts';
import type { Ranges } from './ranges.ts';
import { coversThrough } from './ranges.ts';
import { DEFAULT_FORMAT, type ReadOptions, type SourceFormat } from './source-format.ts';
import type { SegmentKey } from './segment.ts';

/**
 * A job is one pass over one immutable source. It moves one way:
 * NEW → IN_PROGRESS → COMPLETED | FAILED | CANCELLED.
 *
 * - NEW          stored; it waits for the first version of its source, which is then pinned, and for its header.
 * - IN_PROGRESS  the header is known; items are being cut, processed and counted. Until the job is sealed the total
 *                is not known and nothing can complete it. Sealed with every segment closed, it waits for its completion
 *                event to be acted on.
 * - COMPLETED    every item has its outcome. Items may have failed.
 * - FAILED       the source could not be processed, or too much failed; what was done until then stays done and counted.
 * - CANCELLED    somebody stopped it; the same holds.
 *
 * One way leads back: a job that failed before its source was read to the end can be resumed ({@link isResumable}), from FAILED
 * to where it was, as another attempt with a terminal event of its own. The failed items of a job that has ended can be redriven: that is a job
 * of its own, over items of this one ({@link RedriveOf}), and this one stays as it is.
 */
export type JobStatus = 'NEW' | 'IN_PROGRESS' | 'COMPLETED' | 'FAILED' | 'CANCELLED';

export interface JobKey {
  readonly tenant: string;
  readonly jobId: string;
}

/** How items are cut. Fixed at creation, so that a deployment in the middle of a job changes nothing. */
export interface CutRule {
  readonly itemsPerBatch: number;
  readonly batchesPerSegment: number;
  /** A batch is cut before its cells, toJsonText, pass this many bytes. */
  readonly batchBytes: number;
}

/** One version of one stored object. Without `etag` the job still waits for the first version under its key. */
export interface SourceReference {
  readonly key: string;
  readonly etag?: string;
  /** Size in bytes. */
  readonly bytes?: number;
}

export type PinnedSource = Required<SourceReference>;

/**
 * A source that its owner brings by links, over as long as a large one takes; `parts` if it is put together of parts.
 */
export interface PresignedSource {
  readonly parts?: {
    /** Of the object store. */
    readonly uploadId: string;
    /** Of each part but the last, which has the rest. */
    readonly bytes: number;
  };
}

/** Up to where every batch has been sent, acknowledged: the place where another fan-out goes on. */
export interface Checkpoint {
  /** Offset of the first byte not yet cut into a batch. */
  readonly byteOffset: number;
  /** Line at that offset, from 1. */
  readonly line: number;
  readonly nextItem: number;
  readonly nextBatch: number;
}

/** The final totals. Written once, when the source has been read to its end. */
export interface Seal {
  readonly itemCount: number;
  readonly batchCount: number;
}

/** How much may fail before a job is stopped; without one, anything may. */
export interface Tolerance {
  /** Of the outcomes so far, 0 to 100; judged from 1,000 outcomes on, and at the end. */
  readonly failedPercent?: number;
  readonly failedCount?: number;
}

/** As stored: an earlier or a later version may have had another code. */
export interface JobFailure<Code extends string = string> {
  readonly code: Code;
  readonly message: string;
}

/** What makes a job the redrive of another: it runs over failed items of that one, which keep their ids. */
export interface RedriveOf {
  readonly jobId: string;
  readonly createdAt: number;
  /** Which redrive of that job, from 1. */
  readonly number: number;
  /** As asked for. */
  readonly codes?: readonly string[];
  /** The first failed item that this run had no room for; another run takes it from there. */
  readonly restFrom?: number;
}

/** The latest redrive that a job was asked for. */
export interface Redrive {
  readonly number: number;
  /** Only items that failed with one of these, sorted; absent: all. */
  readonly codes?: readonly string[];
  /** Only items from this one on. */
  readonly fromItem?: number;
  /** The job of this run is stored. */
  readonly isPlanned: boolean;
}

/** Failed items that are one thing: the same code in the same column. */
export interface FailureGroup {
  readonly code: string;
  readonly column?: string;
  readonly count: number;
  readonly firstIndex: number;
  /** Of the first one. */
  readonly message: string;
}

/** What was written about the failed items of a job that has ended. */
export interface JobReport {
  /** The latest run that it takes into account. */
  readonly run: number;
  /** When it was attached; absent of a report from before that was noted. */
  readonly at?: number;
  /** The largest ones, and how many items the others have together. */
  readonly groups: readonly FailureGroup[];
  readonly others: number;
  /** Where the fix file lies; absent if no item stands failed. */
  readonly fixFileKey?: string;
}

/**
 * What the sweep did for a job that stood still. Messages that follow from it carry its number, so that those of an
 * earlier one are recognized and dropped.
 */
export interface Recovery {
  /** How often the sweep asked for the job to go on, from 1. A wait that is noted before the first one has 0. */
  readonly number: number;
  /** How often since the job last made progress: each time the sweep waits twice as long. */
  readonly tries: number;
  /** The job's progress at that time, as a number that only grows. */
  readonly progress: number;
  /** The sweep asks again from this instant on, or as soon as there is progress. */
  readonly dueAt: number;
  /** Since when the sweep has held the next one back, because the job's messages may still wait in their queue. */
  readonly heldSince?: number;
}

/**
 * One pass over items: the first, or a redrive. Ids and content of what items become are those of the first, in every
 * run.
 */
export interface Run extends JobKey {
  /** Of the job that the items came with, as `jobId`. */
  readonly createdAt: number;
  /** 0 is the first pass. What a later run decided about an item outweighs an earlier one. */
  readonly number: number;
}

export interface Job extends JobKey {
  readonly name: string;
  readonly status: JobStatus;
  readonly cut: CutRule;
  readonly tolerance?: Tolerance;
  readonly source: SourceReference;
  /** Absent: whoever created the job stores its source at once, or it was there before. */
  readonly presigned?: PresignedSource;
  /** What the uploader said of how the source is to be read. */
  readonly options?: ReadOptions;
  /** How the source is written; detected when the job is started. */
  readonly format: SourceFormat;
  /** The header record as read; there once the job is started. */
  readonly header?: readonly string[];
  /** Where the first item begins; there once the job is started. */
  readonly dataStart?: Checkpoint;
  readonly checkpoint: Checkpoint;
  readonly seal?: Seal;
  /** Segments rolled up into the three counts below. */
  readonly closed: Ranges;
  readonly succeeded: number;
  readonly failed: number;
  /** Bytes of the source whose items have their outcomes. */
  readonly doneBytes: number;
  /** Milliseconds since 1970, UTC, as all instants of the engine. */
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly completedAt?: number;
  readonly failure?: JobFailure;
  /** Everybody has been told that the job failed or was cancelled. */
  readonly isAnnounced?: boolean;
  /** The job that the same bytes made before. */
  readonly sameAs?: string;
  /** The job that most of the first rows made before; there once the job is started. */
  readonly similarTo?: string;
  /** Digest of the request that created the job, to tell a repeated request from another one. */
  readonly requestDigest?: string;
  /** How often the job was resumed after it had failed. */
  readonly attempt: number;
  readonly redriveOf?: RedriveOf;
  readonly redrive?: Redrive;
  readonly report?: JobReport;
  readonly recovery?: Recovery;
  /**
   * The number of the latest recovery that sent again everything the ledger lacked. Copies of earlier ones are
   * obsolete.
   */
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

/** Why a job was stopped that failed more than it tolerates. */
export const TOO_MANY_FAILURES = 'TOO_MANY_FAILURES';

export const isTerminal = (job: Job): boolean =>
  job.status === 'COMPLETED' || job.status === 'FAILED' || job.status === 'CANCELLED';

/** Nobody wants its items processed any more. What is on its way of another job that failed is finished. */
export const isStopped = (job: Job): boolean => job.status === 'CANCELLED' || job.failure?.code === TOO_MANY_FAILURES;

/** First deliveries of its batches are worth a try: of one that is complete, each is recorded already. */
export const takesWork = (job: Job): boolean => job.status !== 'COMPLETED' && !isStopped(job);

/**
 * Its source can be read, or read on where it failed: what came before has its outcome, or will have it. A damaged
 * source fails again at the same place, and one that never came can't be read.
 */
export const isResumable = (job: Job): boolean =>
  job.status === 'FAILED' &&
  !isStopped(job) &&
  !isForGood(job.failure?.code) &&
  job.seal === undefined &&
  job.source.etag !== undefined;

/** The segments and messages of a job, redrive or not, carry its own id. */
export const runId = (job: JobKey): string => job.jobId;

/** The run that a job makes over its items. */
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

/** How many segments may hold outcomes: all of a sealed job, up to the checkpoint's of another. */
export const segmentsBegun = (job: Job): number =>
  job.seal ? segmentCount(job.cut, job.seal) : segmentOf(job.cut, job.checkpoint.nextBatch) + 1;

export const segmentKey = (job: Job, segment: number): SegmentKey => ({
  tenant: job.tenant,
  runId: runId(job),
  segment,
});

/**
 * How many batches a segment has when it is full. The last one may be shorter, which is known once the job is sealed.
 */
export function batchesOfSegment(job: Pick<Job, 'cut' | 'seal'>, segment: number): number {
  const capacity = job.cut.batchesPerSegment;
  return job.seal ? Math.min(capacity, job.seal.batchCount - segment * capacity) : capacity;
}

/** Sealed, and every segment is rolled up: every item has its outcome, stored and counted. */
export const isFullyRecorded = (job: Job): boolean =>
  job.seal !== undefined && coversThrough(job.closed, segmentCount(job.cut, job.seal));

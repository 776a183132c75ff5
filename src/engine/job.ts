import { UnpinnedSourceError } from './errors.ts';
import type { Ranges } from './ranges.ts';
import { coversThrough } from './ranges.ts';
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
 * - FAILED       the source could not be processed; what was done until then stays done and counted.
 * - CANCELLED    somebody stopped it; the same holds.
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
  /** A batch is cut before its cells, encoded, pass this many bytes. */
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

export interface JobFailure {
  readonly code: string;
  readonly message: string;
}

export interface Job extends JobKey {
  readonly name: string;
  readonly status: JobStatus;
  readonly cut: CutRule;
  readonly tolerance?: Tolerance;
  readonly source: SourceReference;
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
  /** Digest of the request that created the job, to tell a repeated request from another one. */
  readonly requestDigest?: string;
}

export const START: Checkpoint = { byteOffset: 0, line: 1, nextItem: 0, nextBatch: 0 };

export interface NewJob extends JobKey {
  readonly name: string;
  readonly cut: CutRule;
  readonly source: SourceReference;
  readonly tolerance?: Tolerance;
  readonly createdAt: number;
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
});

export const isTerminal = (job: Job): boolean =>
  job.status === 'COMPLETED' || job.status === 'FAILED' || job.status === 'CANCELLED';

/** The run of a first pass has the job's own id; it is the event id too, so that every copy of an event is the same. */
export const firstRunId = (job: JobKey): string => job.jobId;

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
  runId: firstRunId(job),
  segment,
});

/** How many batches a segment has when it is full. The last one may be shorter, which is known once the job is sealed. */
export function batchesOfSegment(job: Pick<Job, 'cut' | 'seal'>, segment: number): number {
  const capacity = job.cut.batchesPerSegment;
  return job.seal ? Math.min(capacity, job.seal.batchCount - segment * capacity) : capacity;
}

/** Sealed, and every segment is rolled up: every item has its outcome, stored and counted. */
export const isFullyRecorded = (job: Job): boolean =>
  job.seal !== undefined && coversThrough(job.closed, segmentCount(job.cut, job.seal));

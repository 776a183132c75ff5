import type { BatchFailures, BatchOutcome, SegmentKey, SegmentRecord } from '../model/segment.ts';

export interface RecordResult {
  /** False if at least one of the batches was recorded already; then nothing is written. */
  readonly recorded: boolean;
  /** The segment as stored afterwards. */
  readonly segment: SegmentRecord;
}

/** The store of outcomes. A recorded outcome never changes, and all reads are consistent. */
export interface Ledger {
  /** Records batches of one segment in one write, if none of them is recorded. */
  record(key: SegmentKey, outcomes: readonly BatchOutcome[]): Promise<RecordResult>;
  /** Reads segments, in the order of the keys. A segment without records is empty. */
  read(keys: readonly SegmentKey[]): Promise<readonly SegmentRecord[]>;
}

/**
 * The store of failures. They are stored before their batch is recorded; only those that the ledger refers to count.
 */
export interface Failures {
  /** Stores failures of a batch. Storing the same again changes nothing. */
  keep(key: SegmentKey, failures: BatchFailures): Promise<void>;
  /** Lists a segment's failures by batch from `fromBatch` on, also those that the ledger does not refer to. */
  list(key: SegmentKey, fromBatch: number): AsyncIterable<BatchFailures>;
}

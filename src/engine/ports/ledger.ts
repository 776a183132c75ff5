import type { BatchFailures, BatchOutcome, SegmentKey, SegmentRecord } from '../model/segment.ts';

export interface RecordResult {
  /** False: at least one of the batches was recorded already, so nothing was written. */
  readonly recorded: boolean;
  /** As stored afterwards. */
  readonly segment: SegmentRecord;
}

/** The record of outcomes. What is in it never changes; all reads are consistent. */
export interface Ledger {
  /** Records batches of one segment in one write, on condition that none of them is recorded. */
  record(key: SegmentKey, outcomes: readonly BatchOutcome[]): Promise<RecordResult>;
  /** In the order asked for; a segment nobody has recorded in is empty. */
  read(keys: readonly SegmentKey[]): Promise<readonly SegmentRecord[]>;
}

/** The details of failed items. Stored before their batch is recorded; only those that the ledger refers to count. */
export interface Failures {
  /** Storing the same again changes nothing. */
  keep(key: SegmentKey, failures: BatchFailures): Promise<void>;
  /** Of one segment, in order of batches from `fromBatch` on, also such as the ledger does not refer to. */
  list(key: SegmentKey, fromBatch: number): AsyncIterable<BatchFailures>;
}

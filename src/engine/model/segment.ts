import type { ItemFailure } from './outcome.ts';

export interface SegmentKey {
  readonly tenant: string;
  readonly runId: string;
  readonly segment: number;
}

/** The outcomes of one batch, as the ledger counts them. */
export interface BatchOutcome {
  readonly batch: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly bytes: number;
  /** The name of the stored failures that count. Absent if all items succeeded, except in a redrive. */
  readonly failuresReference?: string;
}

/** The ledger record of one segment: its recorded batches, and their counts together. */
export interface SegmentRecord extends SegmentKey {
  readonly batches: ReadonlySet<number>;
  readonly succeeded: number;
  readonly failed: number;
  readonly bytes: number;
  /** The references of the failures that count, by batch. */
  readonly failuresReferences: ReadonlyMap<number, string>;
  /** When a batch was last recorded in it; absent if none is. */
  readonly changedAt?: number;
}

export const emptySegment = (key: SegmentKey): SegmentRecord => ({
  ...key,
  batches: new Set(),
  succeeded: 0,
  failed: 0,
  bytes: 0,
  failuresReferences: new Map(),
});

/** The stored failures of one batch under one reference. */
export interface BatchFailures {
  readonly batch: number;
  readonly reference: string;
  readonly failures: readonly ItemFailure[];
  /**
   * The items of the batch that succeeded, where it does not follow from the failures: in a redrive, whose items are
   * not consecutive, and in a job that was stopped.
   */
  readonly imported?: readonly number[];
}

import type { ItemFailure } from './outcome.ts';

export interface SegmentKey {
  readonly tenant: string;
  readonly runId: string;
  readonly segment: number;
}

/** The outcomes of one batch as they go into the ledger. */
export interface BatchOutcome {
  readonly batch: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly bytes: number;
  /** Names the stored failures that count; there unless all items succeeded, and always in a redrive. */
  readonly failuresReference?: string;
}

/** The ledger record of one segment: which batches are recorded, and what they came to together. */
export interface SegmentRecord extends SegmentKey {
  readonly batches: ReadonlySet<number>;
  readonly succeeded: number;
  readonly failed: number;
  readonly bytes: number;
  /** By batch. */
  readonly failuresReferences: ReadonlyMap<number, string>;
  /** When it was last recorded in; absent if never. */
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

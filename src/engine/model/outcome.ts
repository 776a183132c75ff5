/** What one item can come to: it succeeded, or it failed for a stated reason. An outcome never changes within a run. */
export type Verdict<Row> = { readonly row: Row } | { readonly refusal: Refusal };

/** Why an item failed. `column` and `value` are absent if the whole item is at fault. */
export interface Refusal {
  /** Stable, for programs. */
  readonly code: string;
  readonly column?: string;
  /** The rejected text as read. */
  readonly value?: string;
  /** For people: what was wrong and what is allowed. */
  readonly message: string;
}

/** A refusal with the place it happened at and the cells as read, so that the item can be repaired and sent again. */
export interface ItemFailure extends Refusal {
  readonly index: number;
  /** Line of the source where the record begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Why a record is no valid item, whatever its cells are: it is too large, or its quotes do not say where its cells end. */
export const FAULTS = ['ROW_TOO_LARGE', 'INVALID_QUOTES'] as const;
export type Fault = (typeof FAULTS)[number];

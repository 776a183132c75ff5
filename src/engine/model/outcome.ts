/** What one item can come to: it succeeded, or it failed for a stated reason. An outcome never changes within a run. */
export type Verdict<Row, Code extends string = string> =
  { readonly row: Row } | { readonly refusal: RefusalWith<Code> };

/** Every reason for which the engine itself fails an item, whatever the job. A job's definition has others besides. */
export const ITEM_FAILURE_CODES = [
  'ROW_TOO_LARGE',
  'INVALID_QUOTES',
  'INVALID_JSON',
  'UNKNOWN_COLUMN',
  'TOO_MANY_FIELDS',
  'LINE_AND_COLUMNS',
  'INVALID_NULL_WORDS',
  'NOT_STORABLE',
  'RETRIES_EXHAUSTED',
] as const;
export type ItemFailureCode = (typeof ITEM_FAILURE_CODES)[number];

/** Why an item failed. `column` and `value` are absent if the whole item is at fault. */
export interface RefusalWith<Code extends string> {
  /** Stable, for programs. */
  readonly code: Code;
  readonly column?: string;
  /** The rejected text as read. */
  readonly value?: string;
  /** For people: what was wrong and what is allowed. */
  readonly message: string;
}

/** A refusal by the engine itself. */
export type Refusal = RefusalWith<ItemFailureCode>;

/** A refusal with the place it happened at and the cells as read, so that the item can be repaired and sent again. */
export interface ItemFailure extends RefusalWith<string> {
  readonly index: number;
  /** Line of the source where the record begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Why a record is no valid item, whatever its cells: it is too large, or its quotes leave open where a cell ends. */
export const FAULTS = ['ROW_TOO_LARGE', 'INVALID_QUOTES'] as const;
export type Fault = (typeof FAULTS)[number];

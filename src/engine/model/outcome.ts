/** The decision about one item: its row is valid, or it is refused for a reason. It never changes within a run. */
export type Verdict<Row, Code extends string = string> =
  { readonly row: Row } | { readonly refusal: RefusalWith<Code> };

/** Every reason for which the engine itself fails an item. The definition of a job has others. */
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
  /** A stable code, for programs. */
  readonly code: Code;
  readonly column?: string;
  /** The rejected text, as read. */
  readonly value?: string;
  /** For people: what is wrong, and what is allowed. */
  readonly message: string;
}

/** A refusal by the engine itself. */
export type Refusal = RefusalWith<ItemFailureCode>;

/** A refusal with the position and the cells as read, so that the item can be repaired and uploaded again. */
export interface ItemFailure extends RefusalWith<string> {
  readonly index: number;
  /** The line of the source where the record begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Why a record is no valid item, whatever its cells: it is too large, or its quotes do not show where a cell ends. */
export const FAULTS = ['ROW_TOO_LARGE', 'INVALID_QUOTES'] as const;
export type Fault = (typeof FAULTS)[number];

import type { Run } from './model/job.ts';
import type { Verdict } from './model/outcome.ts';

export interface Column {
  readonly name: string;
  readonly required: boolean;
  /** Other words for the column. A source with one of them gets an error that names the right column. */
  readonly words?: readonly string[];
}

/** The caller's options for all rows. */
export interface RowOptions {
  /** The time zone of times without an offset. */
  readonly timeZone?: string;
}

export interface IndexedRow<Row> {
  readonly index: number;
  readonly row: Row;
}

/**
 * What a job does with its items: the part that an engineer writes. Every effect may be repeated, by several workers at
 * once and late, so each must be idempotent. The decision of a later run overrides that of an earlier run, also if the
 * effect of the earlier one arrives late.
 */
export interface JobDefinition<Row> {
  /**
   * The columns of an item. A header is matched in any order, by the letters and digits of its names. Other columns are
   * ignored.
   */
  readonly columns: readonly Column[];

  /**
   * Decides one item. It must be pure. `values` are the trimmed cells of {@link columns}, in that order; an empty or
   * absent cell is undefined.
   */
  decide(values: readonly (string | undefined)[], options: RowOptions): Verdict<Row>;

  /**
   * Makes the effect of valid items, also of those that earlier runs voided. Resolves when all of them are stored. Any
   * error counts as a service's, and the items are tried again as long as it lasts. The reader of dead letters gives
   * one item ten seconds.
   * @throws RefusedItemError if the store will never take one of them; that one fails when it is tried alone.
   */
  apply(run: Run, rows: readonly IndexedRow<Row>[]): Promise<void>;

  /** Finds which of these items have their effect, not voided by an earlier run. */
  applied(run: Run, indexes: readonly number[]): Promise<ReadonlySet<number>>;

  /**
   * Makes failed items of a batch stay without effect, also if a late delivery applies them. Resolves to those that
   * cannot be voided, because a caller has already changed what they became: they count as succeeded.
   */
  voidItems(run: Run, batch: number, indexes: readonly number[]): Promise<ReadonlySet<number>>;

  /** Takes back {@link voidItems} for items that are recorded as succeeded. Most of them were never voided. */
  restoreItems(run: Run, indexes: readonly number[]): Promise<void>;
}

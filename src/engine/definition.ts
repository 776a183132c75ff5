import type { Run } from './model/job.ts';
import type { Verdict } from './model/outcome.ts';

export interface Column {
  readonly name: string;
  readonly required: boolean;
  /** Other words that people have for it: a source that has one of them is told of the name that counts. */
  readonly words?: readonly string[];
}

/** What the uploader said of all rows. */
export interface RowOptions {
  /** Where times without an offset are local. */
  readonly timeZone?: string;
}

export interface IndexedRow<Row> {
  readonly index: number;
  readonly row: Row;
}

/**
 * What a job does with its items: the part that an engineer writes. Every effect is repeated freely, by several workers
 * at once and late, so each must mean the same the second time. What was decided in a later run outweighs an earlier
 * one, also if the earlier one's effect comes late.
 */
export interface JobDefinition<Row> {
  /**
   * The columns it knows. A header is matched in any order by the letters and digits of its names; other columns are
   * ignored.
   */
  readonly columns: readonly Column[];

  /**
   * Decides one item. Pure. `values` are the trimmed cells of {@link columns}, in that order; an empty or absent cell
   * is undefined.
   */
  decide(values: readonly (string | undefined)[], options: RowOptions): Verdict<Row>;

  /**
   * Makes the effect of valid items, voided by earlier runs or not. Resolves when all of them are stored. A failure is
   * the service's, and the items are tried again for as long as it lasts. The reader of dead letters gives one item ten
   * seconds.
   * @throws RefusedItemError if the store will never take one of them; that one fails once it is tried alone.
   */
  apply(run: Run, rows: readonly IndexedRow<Row>[]): Promise<void>;

  /** Which of these items have had their effect, and no earlier run has voided it. */
  applied(run: Run, indexes: readonly number[]): Promise<ReadonlySet<number>>;

  /**
   * Takes care that failed items of a batch stay without effect, also if a late delivery applies them. Returns those
   * that cannot be voided because somebody already works with their effect: they count as succeeded.
   */
  voidItems(run: Run, batch: number, indexes: readonly number[]): Promise<ReadonlySet<number>>;

  /** Takes {@link voidItems} back for items that are recorded as succeeded; most of them were never voided. */
  restoreItems(run: Run, indexes: readonly number[]): Promise<void>;
}

import type { BillLine } from './bill.ts';
import type { Bound } from './time.ts';

/** The load that is planned. */
export interface Load {
  readonly rows: number;
  /** The maximum concurrency of the event source mapping that feeds the workers. */
  readonly concurrency: number;
}

/** One way to process the rows: its costs, its limits, and what the numbers do not show. */
export interface Plan {
  readonly name: string;
  readonly lines: readonly BillLine[];
  readonly bounds: readonly [Bound, ...Bound[]];
  readonly notes: readonly string[];
}

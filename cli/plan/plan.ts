import type { BillLine } from './bill.ts';
import type { Bound } from './time.ts';

/** What is planned for. */
export interface Load {
  readonly rows: number;
  /** Maximum concurrency of the event source mapping that feeds the workers. */
  readonly concurrency: number;
}

/** One way to process the rows: what it costs, what holds it down, and what the numbers do not say. */
export interface Plan {
  readonly name: string;
  readonly lines: readonly BillLine[];
  readonly bounds: readonly [Bound, ...Bound[]];
  readonly notes: readonly string[];
}

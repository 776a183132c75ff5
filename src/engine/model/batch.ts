import type { JobKey } from './job.ts';
import type { Fault } from './outcome.ts';

/** One row as the engine sees it. */
export interface Item {
  /** The position in the source that the item came with, from 0; it is the same in every run. */
  readonly index: number;
  /** The line of the source where the record begins. */
  readonly line: number;
  /** The cells as read. */
  readonly cells: readonly string[];
  /** An item with a fault fails, whatever its cells are. */
  readonly fault?: Fault;
}

/** The items of one message, in order; in the first pass they are consecutive. */
export interface Batch extends JobKey {
  readonly runId: string;
  readonly batch: number;
  /** The bytes of the source that the batch accounts for. */
  readonly bytes: number;
  readonly items: readonly Item[];
  /** The recovery that sent this copy; absent on the first message from the splitter. */
  readonly recovery?: number;
}

import type { JobKey } from './job.ts';
import type { Fault } from './outcome.ts';

/** One item: its number, its cells as read, and the line of the source where its record begins. */
export interface Item {
  /** From 0, in the source that the item came with: the same in every run. */
  readonly index: number;
  readonly line: number;
  readonly cells: readonly string[];
  /** The item fails for it, whatever its cells are. */
  readonly fault?: Fault;
}

/** Items that travel in one message, in order; in a first run they are consecutive. */
export interface Batch extends JobKey {
  readonly runId: string;
  readonly batch: number;
  /** Bytes of the source that the batch accounts for. */
  readonly bytes: number;
  readonly items: readonly Item[];
  /** The recovery that sent this copy; absent on the message that the splitter sent first. */
  readonly recovery?: number;
}

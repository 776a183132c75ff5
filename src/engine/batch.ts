import { encoded } from './encoding.ts';
import type { CutRule, JobKey } from './job.ts';
import type { Fault, SourceRecord } from './reader/records.ts';

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

/**
 * Cuts a stream of records into batches. The same records after the same checkpoint always give the same batches, whoever cuts
 * them: that is what makes a second fan-out harmless.
 */
export class Cutter {
  readonly #cut: CutRule;
  #items: SourceRecord[] = [];
  #size = 0;

  constructor(cut: CutRule) {
    this.#cut = cut;
  }

  /** Takes an item; returns the items of a batch that is complete without it, or with it. At most one batch can be. */
  add(item: SourceRecord): readonly SourceRecord[] | undefined {
    const size = Buffer.byteLength(encoded(item.cells));
    const before = this.#size + size > this.#cut.batchBytes && this.#items.length > 0 ? this.rest() : undefined;
    this.#items.push(item);
    this.#size += size;
    return before ?? (this.#items.length === this.#cut.itemsPerBatch ? this.rest() : undefined);
  }

  /** What is left when the source has ended; empties the cutter. */
  rest(): readonly SourceRecord[] {
    const items = this.#items;
    this.#items = [];
    this.#size = 0;
    return items;
  }
}

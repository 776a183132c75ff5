import { encoded } from './encoding.ts';
import type { CutRule, JobKey } from './job.ts';

/** One item: its cells as read, and the line of the source where its record begins. */
export interface Item {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Consecutive items that travel in one message. Item `k` of the batch is item `firstItem + k` of the job. */
export interface Batch extends JobKey {
  readonly runId: string;
  readonly batch: number;
  readonly firstItem: number;
  /** Bytes of the source that the batch accounts for. */
  readonly bytes: number;
  readonly items: readonly Item[];
}

/** An item with the place where its record ends in the source. */
export interface SourceItem extends Item {
  readonly endOffset: number;
  /** The line after the record. */
  readonly nextLine: number;
}

/**
 * Cuts a stream of items into batches. The same items after the same checkpoint always give the same batches, whoever cuts
 * them: that is what makes a second fan-out harmless.
 */
export class Cutter {
  readonly #cut: CutRule;
  #items: SourceItem[] = [];
  #size = 0;

  constructor(cut: CutRule) {
    this.#cut = cut;
  }

  /** Takes an item; returns the items of a batch that is complete without it, or with it. At most one batch can be. */
  add(item: SourceItem): readonly SourceItem[] | undefined {
    const size = Buffer.byteLength(encoded(item.cells));
    const before = this.#size + size > this.#cut.batchBytes && this.#items.length > 0 ? this.rest() : undefined;
    this.#items.push(item);
    this.#size += size;
    return before ?? (this.#items.length === this.#cut.itemsPerBatch ? this.rest() : undefined);
  }

  /** What is left when the source has ended; empties the cutter. */
  rest(): readonly SourceItem[] {
    const items = this.#items;
    this.#items = [];
    this.#size = 0;
    return items;
  }
}

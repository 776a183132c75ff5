import type { SegmentKey, Tries } from '../../../src/engine/index.ts';

const keyOf = ({ tenant, runId, segment }: SegmentKey, batch: number): string =>
  `${tenant}/${runId}/${segment}/${batch}`;

/** Tries in memory. */
export class MemoryTries implements Tries {
  readonly #begun = new Map<string, Map<number, Set<number>>>();

  async begin(key: SegmentKey, batch: number, index: number, at: number): Promise<void> {
    const ofBatch = this.#ofBatch(key, batch);
    ofBatch.set(index, new Set(ofBatch.get(index)).add(at));
    this.#begun.set(keyOf(key, batch), ofBatch);
  }

  async answer(key: SegmentKey, batch: number, index: number): Promise<void> {
    this.#ofBatch(key, batch).delete(index);
  }

  async unanswered(key: SegmentKey, batch: number): Promise<ReadonlyMap<number, readonly number[]>> {
    return new Map(Array.from(this.#ofBatch(key, batch), ([index, begun]) => [index, [...begun]]));
  }

  #ofBatch(key: SegmentKey, batch: number): Map<number, Set<number>> {
    return this.#begun.get(keyOf(key, batch)) ?? new Map<number, Set<number>>();
  }
}

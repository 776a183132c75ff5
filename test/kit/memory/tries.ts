import type { SegmentKey, Tried, Tries } from '../../../src/engine/index.ts';

const keyOf = ({ tenant, runId, segment }: SegmentKey, batch: number): string =>
  `${tenant}/${runId}/${segment}/${batch}`;

/** Tries in memory. */
export class MemoryTries implements Tries {
  readonly #begun = new Map<string, Map<Tried, Set<number>>>();

  async begin(key: SegmentKey, batch: number, tried: Tried, at: number): Promise<void> {
    const ofBatch = this.#ofBatch(key, batch);
    ofBatch.set(tried, new Set(ofBatch.get(tried)).add(at));
    this.#begun.set(keyOf(key, batch), ofBatch);
  }

  async end(key: SegmentKey, batch: number, tried: Tried): Promise<void> {
    this.#ofBatch(key, batch).delete(tried);
  }

  async readOpen(key: SegmentKey, batch: number): Promise<ReadonlyMap<Tried, readonly number[]>> {
    return new Map(Array.from(this.#ofBatch(key, batch), ([tried, begun]) => [tried, [...begun]]));
  }

  #ofBatch(key: SegmentKey, batch: number): Map<Tried, Set<number>> {
    return this.#begun.get(keyOf(key, batch)) ?? new Map<Tried, Set<number>>();
  }
}

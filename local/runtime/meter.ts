import { GCProfiler, getHeapStatistics } from 'node:v8';

/**
 * What a sandbox holds and takes from here to {@link Meter.stop}. Memory only falls when garbage is collected, so its peak
 * lies before a collection, or at the end: no sampling can miss it.
 */
export class Meter {
  readonly #collections = new GCProfiler();
  readonly #begin = performance.now();

  constructor() {
    this.#collections.start();
  }

  /** `peakBytes`: JavaScript heap and buffers, what is garbage already included. */
  stop(): { readonly milliseconds: number; readonly peakBytes: number } {
    const milliseconds = performance.now() - this.#begin;
    const { used_heap_size, external_memory } = getHeapStatistics();
    const peaks = this.#collections.stop().statistics.map(({ beforeGC: { heapStatistics } }) => heapStatistics);
    const peakBytes = Math.max(
      used_heap_size + external_memory,
      ...peaks.map(({ usedHeapSize, externalMemory }) => usedHeapSize + externalMemory),
    );
    return { milliseconds, peakBytes };
  }
}

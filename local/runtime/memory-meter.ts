import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const SAMPLE_EVERY_MS = 50;

/** Pauses ten times as long as a collection took, so that collections take at most a tenth of the time. */
const PAUSE_FACTOR = 10;

/**
 * Measures what a sandbox holds without garbage, which depends on the age of the sandbox and not on its work. So it
 * collects garbage again and again, also during invocations, and measures what is left.
 */
export class MemoryMeter {
  readonly #collect = exposedCollector();
  #mostBytes = 0;
  #nextAt = 0;

  constructor() {
    this.#sample();
    setInterval(() => performance.now() >= this.#nextAt && this.#sample(), SAMPLE_EVERY_MS).unref();
  }

  /** The most bytes of JavaScript heap and buffers that the sandbox has held so far. */
  get mostBytes(): number {
    return this.#mostBytes;
  }

  #sample(): void {
    const begin = performance.now();
    this.#collect();
    // The first collection frees buffers; only the second one subtracts their bytes.
    this.#collect();
    const { used_heap_size, external_memory } = getHeapStatistics();
    this.#mostBytes = Math.max(this.#mostBytes, used_heap_size + external_memory);
    const end = performance.now();
    this.#nextAt = end + PAUSE_FACTOR * (end - begin);
  }
}

/**
 * Returns the garbage collector. In a thread only this way works: V8 applies the flag to contexts that are created
 * after it is set.
 */
function exposedCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

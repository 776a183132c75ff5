import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const LOOK_EVERY_MS = 50;

/** At most a tenth of the sandbox's time goes into collections. */
const REST = 10;

/**
 * What a sandbox holds, garbage left out: how much of that lies about depends on the age of the sandbox, not on its
 * work. So garbage is collected again and again, in the middle of invocations too, and what is left is looked at.
 */
export class MemoryMeter {
  readonly #collect = exposedCollector();
  #mostBytes = 0;
  #nextAt = 0;

  constructor() {
    this.#look();
    setInterval(() => performance.now() >= this.#nextAt && this.#look(), LOOK_EVERY_MS).unref();
  }

  /** The most of JavaScript heap and buffers that was held so far. */
  get mostBytes(): number {
    return this.#mostBytes;
  }

  #look(): void {
    const begin = performance.now();
    this.#collect();
    // The buffers that the first collection freed are counted off by the second.
    this.#collect();
    const { used_heap_size, external_memory } = getHeapStatistics();
    this.#mostBytes = Math.max(this.#mostBytes, used_heap_size + external_memory);
    const end = performance.now();
    this.#nextAt = end + REST * (end - begin);
  }
}

/** The only way to the collector in a thread: a flag of V8, heeded by contexts that are made after it. */
function exposedCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

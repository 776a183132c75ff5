import type { MessageQueue } from './sqs-queue.ts';
import type { SqsRecord } from './sqs-event.ts';

/** Ten segments of the default size: two messages that are this close may change their order. */
const HELD_MAX = 1_000;

/** A third of the shortest visibility timeout: a message that is held longer would be delivered a second time. */
const HELD_MAX_MS = 20_000;

interface Held {
  readonly record: SqsRecord;
  readonly since: number;
}

/**
 * A queue that delivers its messages in random order, as a standard queue of AWS may. It holds up to a thousand
 * messages, and each receive takes random ones. A message that was held too long comes first.
 */
export class ShuffledQueue implements MessageQueue {
  readonly #queue: MessageQueue;
  readonly #random: () => number;
  /** The held messages in the order of their arrival. */
  readonly #held: Held[] = [];

  constructor(queue: MessageQueue, seed: number) {
    this.#queue = queue;
    this.#random = randomFrom(seed);
  }

  async receive(count: number, waitSeconds: number, signal: AbortSignal): Promise<readonly SqsRecord[]> {
    await this.#fill(this.#held.length > 0 ? 0 : waitSeconds, signal);
    return Array.from({ length: Math.min(count, this.#held.length) }, () => this.#takeOne());
  }

  delete(records: readonly SqsRecord[]): Promise<void> {
    return this.#queue.delete(records);
  }

  /** Releases these messages and all that are held. */
  release(records: readonly SqsRecord[]): Promise<void> {
    return this.#queue.release([...records, ...this.#held.splice(0).map(({ record }) => record)]);
  }

  /** Receives messages until the limit is reached or none is left. Waits only if none is held. */
  async #fill(waitSeconds: number, signal: AbortSignal): Promise<void> {
    let wait = waitSeconds;
    while (this.#held.length < HELD_MAX) {
      const records = await this.#queue.receive(HELD_MAX - this.#held.length, wait, signal);
      if (records.length === 0) return;
      const since = performance.now();
      this.#held.push(...records.map((record) => ({ record, since })));
      wait = 0;
    }
  }

  #takeOne(): SqsRecord {
    const [oldest] = this.#held;
    const isOverdue = oldest !== undefined && performance.now() - oldest.since > HELD_MAX_MS;
    const [taken] = this.#held.splice(isOverdue ? 0 : Math.floor(this.#random() * this.#held.length), 1);
    if (!taken) throw new RangeError('The queue holds no message.');
    return taken.record;
  }
}

/** Returns random numbers from 0 up to 1, the same for the same seed (Mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

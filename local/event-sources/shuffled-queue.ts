import type { MessageQueue } from './sqs-queue.ts';
import type { SqsRecord } from './sqs-event.ts';

/** Ten segments of the default size: any two messages so near to each other may change places. */
const HELD_MAX = 1_000;

/** A third of the shortest visibility timeout: what is held longer would come a second time. */
const HELD_MAX_MS = 20_000;

interface Held {
  readonly record: SqsRecord;
  readonly since: number;
}

/**
 * A queue that hands its messages out in an order drawn by dice, as a standard queue of AWS may. It holds as many as
 * are there, up to a thousand, and each receive takes any of them; one that was held for long comes first.
 */
export class ShuffledQueue implements MessageQueue {
  readonly #queue: MessageQueue;
  readonly #roll: () => number;
  /** In order of arrival. */
  readonly #held: Held[] = [];

  constructor(queue: MessageQueue, seed: number) {
    this.#queue = queue;
    this.#roll = dice(seed);
  }

  async receive(count: number, waitSeconds: number, signal: AbortSignal): Promise<readonly SqsRecord[]> {
    await this.#fill(this.#held.length > 0 ? 0 : waitSeconds, signal);
    return Array.from({ length: Math.min(count, this.#held.length) }, () => this.#draw());
  }

  delete(records: readonly SqsRecord[]): Promise<void> {
    return this.#queue.delete(records);
  }

  /** These, and whatever is held. */
  giveBack(records: readonly SqsRecord[]): Promise<void> {
    return this.#queue.giveBack([...records, ...this.#held.splice(0).map(({ record }) => record)]);
  }

  /** Waits only as long as there is nothing to hand out. */
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

  #draw(): SqsRecord {
    const [oldest] = this.#held;
    const isOverdue = oldest !== undefined && performance.now() - oldest.since > HELD_MAX_MS;
    const [drawn] = this.#held.splice(isOverdue ? 0 : Math.floor(this.#roll() * this.#held.length), 1);
    if (!drawn) throw new RangeError('Nothing is held that could be drawn.');
    return drawn.record;
  }
}

/** Numbers from 0 up to 1, the same for the same seed (Mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

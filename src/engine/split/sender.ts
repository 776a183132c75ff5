import type { Batch } from '../model/batch.ts';
import type { BatchQueue } from '../ports/messaging.ts';

export interface SendLimits {
  /** Batches handed to the queue in one call. */
  readonly batchesPerSend: number;
  /** Calls to the queue under way at once. */
  readonly sendsInFlight: number;
}

/** Sends batches in groups, several at once. A send that fails is told to the next caller, and to {@link drain}. */
export class Sender {
  readonly #queue: BatchQueue;
  readonly #limits: SendLimits;
  readonly #inFlight = new Set<Promise<void>>();
  #group: Batch[] = [];
  #failure: { readonly reason: unknown } | undefined;

  constructor(queue: BatchQueue, limits: SendLimits) {
    this.#queue = queue;
    this.#limits = limits;
  }

  async add(batch: Batch): Promise<void> {
    this.#group.push(batch);
    if (this.#group.length >= this.#limits.batchesPerSend) this.#send();
    while (this.#inFlight.size >= this.#limits.sendsInFlight) await Promise.race(this.#inFlight);
    this.#rethrow();
  }

  /** Resolves when every batch added so far is acknowledged. */
  async drain(): Promise<void> {
    if (this.#group.length > 0) this.#send();
    await this.settled();
    this.#rethrow();
  }

  /**
   * Resolves when nothing is under way any more, whatever came of it. Nothing may go on after an invocation has ended.
   */
  async settled(): Promise<void> {
    await Promise.all(this.#inFlight);
  }

  #send(): void {
    const group = this.#group;
    this.#group = [];
    const sending = this.#queue.send(group).then(
      () => void this.#inFlight.delete(sending),
      (reason: unknown) => {
        this.#inFlight.delete(sending);
        this.#failure ??= { reason };
      },
    );
    this.#inFlight.add(sending);
  }

  #rethrow(): void {
    if (this.#failure) throw this.#failure.reason;
  }
}

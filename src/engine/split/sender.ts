import type { Batch } from '../model/batch.ts';
import type { BatchQueue } from '../ports/messaging.ts';

export interface SendLimits {
  /** How many batches one call hands to the queue. */
  readonly batchesPerSend: number;
  /** How many calls to the queue are under way at once. */
  readonly sendsInFlight: number;
}

/** Sends batches in groups, several at once. The failure of a send rejects the next calls of `add` and `drain`. */
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
    await this.waitForSends();
    this.#rethrow();
  }

  /** Resolves when no send is under way, also after a failure: nothing may run on when an invocation has ended. */
  async waitForSends(): Promise<void> {
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

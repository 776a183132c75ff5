import { setTimeout as pause } from 'node:timers/promises';
import type { DeployedMapping } from '../model.ts';
import type { InvocationResult } from '../runtime/invocation.ts';
import { batchVerdict } from './batch-verdict.ts';
import { cutBatches } from './cut-batches.ts';
import { toSqsEvent, type SqsEvent, type SqsRecord } from './sqs-event.ts';
import type { MessageQueue } from './sqs-queue.ts';

const MAXIMUM_CONCURRENCY_DEFAULT = 5;
const LONG_POLL_SECONDS = 20;

/** How many batches are received ahead, so that a function that becomes free has the next one without a round trip. */
const BATCHES_AHEAD = 2;

/** The pause after a failed receive, e.g. while a deployment creates the queue again. */
const RECEIVE_PAUSE_MS = 500;

export interface SqsMappingOptions {
  readonly mapping: DeployedMapping;
  readonly queue: MessageQueue;
  readonly invoke: (event: SqsEvent) => Promise<InvocationResult>;
  /** How often each received batch is delivered before its messages are deleted; 1 unless given, as usual on AWS. */
  readonly deliveries?: number | undefined;
  readonly onError: (message: string) => void;
}

/**
 * Lambda's event source mapping for a queue: one poller fills a short queue of batches, and invocations, up to the
 * maximum concurrency, empty it. Messages of a failed batch are not touched: they are visible again after their
 * visibility timeout, as on AWS.
 */
export class SqsMapping {
  readonly #options: SqsMappingOptions;
  readonly #concurrency: number;
  readonly #batches: (readonly SqsRecord[])[] = [];
  /** Running invocations and the deletions that follow them. Deletions do not count for the concurrency. */
  readonly #running = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  readonly #polling: Promise<void>;
  #room = Promise.withResolvers<void>();
  #invoking = 0;
  #stopping = false;

  constructor(options: SqsMappingOptions) {
    this.#options = options;
    this.#concurrency = options.mapping.maximumConcurrency ?? MAXIMUM_CONCURRENCY_DEFAULT;
    this.#polling = this.#poll();
  }

  /** Starts no more invocations. Resolves when the running ones have ended and their messages are deleted. */
  async drain(): Promise<void> {
    this.#stopping = true;
    this.#room.resolve();
    await Promise.all(this.#running);
  }

  /**
   * Ends the poller, after {@link drain}. fauxqs does not notice that a poller has disconnected, and would give it the
   * messages that the last invocations send. They would stay invisible until their visibility timeout ends.
   */
  async stop(): Promise<void> {
    await this.drain();
    this.#abort.abort();
    await this.#polling;
    await this.#release(this.#batches.splice(0).flat());
  }

  async #poll(): Promise<void> {
    while (!this.#stopping) {
      const records = await this.#receive();
      if (this.#stopping) return this.#release(records);
      this.#batches.push(...cutBatches(records, this.#options.mapping.batchSize));
      this.#dispatch();
      await this.#waitForRoom();
    }
  }

  async #receive(): Promise<readonly SqsRecord[]> {
    const { signal } = this.#abort;
    try {
      return await this.#receiveBatch(signal);
    } catch (error) {
      // Stopping aborts the receive. Any other failure is one of the queue, and must not end the mapping.
      if (signal.aborted) return [];
      this.#options.onError(`${this.#options.mapping.logicalId} cannot receive: ${String(error)}`);
      await pause(RECEIVE_PAUSE_MS);
      return [];
    }
  }

  /** Receives once, or as often as it takes to fill the batch within the batching window. */
  async #receiveBatch(signal: AbortSignal): Promise<readonly SqsRecord[]> {
    const { queue, mapping } = this.#options;
    const gathered = [...(await queue.receive(mapping.batchSize, LONG_POLL_SECONDS, signal))];
    const windowEnd = Date.now() + mapping.batchingWindowSeconds * 1000;
    while (gathered.length > 0 && gathered.length < mapping.batchSize && !this.#stopping) {
      const waitSeconds = Math.min(LONG_POLL_SECONDS, Math.round((windowEnd - Date.now()) / 1000));
      if (waitSeconds <= 0) break;
      gathered.push(...(await queue.receive(mapping.batchSize - gathered.length, waitSeconds, signal)));
    }
    return gathered;
  }

  async #waitForRoom(): Promise<void> {
    while (this.#batches.length >= BATCHES_AHEAD && !this.#stopping) {
      this.#room = Promise.withResolvers<void>();
      await this.#room.promise;
    }
  }

  #dispatch(): void {
    while (!this.#stopping && this.#invoking < this.#concurrency) {
      const batch = this.#batches.shift();
      if (!batch) break;
      const run = this.#process(batch);
      this.#running.add(run);
      void run.then(() => this.#running.delete(run));
    }
    if (this.#batches.length < BATCHES_AHEAD) this.#room.resolve();
  }

  async #process(batch: readonly SqsRecord[]): Promise<void> {
    this.#invoking += 1;
    const result = await this.#invoke(batch);
    this.#invoking -= 1;
    this.#dispatch();
    const ids = batch.map((record) => record.messageId);
    const isDeleted = batchVerdict(result, ids, this.#options.mapping.reportBatchItemFailures);
    await this.#delete(batch.filter((_, index) => isDeleted[index]));
  }

  async #invoke(batch: readonly SqsRecord[]): Promise<InvocationResult> {
    const { invoke, deliveries = 1 } = this.#options;
    for (let copy = 1; copy < deliveries; copy++) await invoke(toSqsEvent(batch, copy, deliveries));
    return await invoke(toSqsEvent(batch, deliveries, deliveries));
  }

  async #delete(records: readonly SqsRecord[]): Promise<void> {
    try {
      await this.#options.queue.delete(records);
    } catch (error) {
      // A message that is not deleted is delivered again. That is allowed, and better than a mapping that ends.
      this.#options.onError(`${this.#options.mapping.logicalId} cannot delete: ${String(error)}`);
    }
  }

  async #release(records: readonly SqsRecord[]): Promise<void> {
    try {
      await this.#options.queue.release(records);
    } catch (error) {
      // The messages are visible again after their visibility timeout anyway, only later.
      this.#options.onError(`${this.#options.mapping.logicalId} cannot release messages: ${String(error)}`);
    }
  }
}

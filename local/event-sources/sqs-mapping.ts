import { setTimeout as pause } from 'node:timers/promises';
import type { DeployedMapping } from '../model.ts';
import type { InvocationResult } from '../runtime/invocation.ts';
import { batchVerdict } from './batch-verdict.ts';
import { cutBatches } from './cut-batches.ts';
import { sqsEvent, type SqsEvent, type SqsRecord } from './sqs-event.ts';
import type { MessageQueue } from './sqs-queue.ts';

const MAXIMUM_CONCURRENCY_DEFAULT = 5;
const LONG_POLL_SECONDS = 20;

/** Batches received ahead, so that a function that gets free finds work without a round trip. */
const BATCHES_AHEAD = 2;

/** After a failed receive, e.g. while the queue is being made anew. */
const RECEIVE_PAUSE_MS = 500;

export interface SqsMappingOptions {
  readonly mapping: DeployedMapping;
  readonly queue: MessageQueue;
  readonly invoke: (event: SqsEvent) => Promise<InvocationResult>;
  /**
   * How often each received batch is handed to the function before it is judged; 1 is what a quiet day on AWS looks
   * like.
   */
  readonly deliveries?: number | undefined;
  readonly onError: (message: string) => void;
}

/**
 * Lambda's event source mapping for a queue: one poller fills a short line of batches, up to the maximum concurrency of
 * invocations empty it. Messages of a failed batch are left alone: their visibility timeout brings them back, as on
 * AWS.
 */
export class SqsMapping {
  readonly #options: SqsMappingOptions;
  readonly #concurrency: number;
  readonly #line: (readonly SqsRecord[])[] = [];
  /** Invocations, and the deletes that follow them: these hold no concurrency. */
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

  /** Starts no more invocations; settles when those that run have ended and their messages are deleted. */
  async drain(): Promise<void> {
    this.#stopping = true;
    this.#room.resolve();
    await Promise.all(this.#running);
  }

  /**
   * Ends the poller. Not before {@link drain}: fauxqs does not notice that a poller hung up and would give it the
   * messages that the last invocations send; nobody would see them until their visibility timeout has passed.
   */
  async stop(): Promise<void> {
    await this.drain();
    this.#abort.abort();
    await this.#polling;
    await this.#giveBack(this.#line.splice(0).flat());
  }

  async #poll(): Promise<void> {
    while (!this.#stopping) {
      const records = await this.#receive();
      if (this.#stopping) return this.#giveBack(records);
      this.#line.push(...cutBatches(records, this.#options.mapping.batchSize));
      this.#dispatch();
      await this.#roomAhead();
    }
  }

  async #receive(): Promise<readonly SqsRecord[]> {
    const { signal } = this.#abort;
    try {
      return await this.#gather(signal);
    } catch (error) {
      // Stopping aborts the receive; any other failure is the queue's, and it must not end the mapping for good.
      if (signal.aborted) return [];
      this.#options.onError(`${this.#options.mapping.logicalId} can't receive: ${String(error)}`);
      await pause(RECEIVE_PAUSE_MS);
      return [];
    }
  }

  /** One receive, or as many as fill the batch within the batching window. */
  async #gather(signal: AbortSignal): Promise<readonly SqsRecord[]> {
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

  async #roomAhead(): Promise<void> {
    while (this.#line.length >= BATCHES_AHEAD && !this.#stopping) {
      this.#room = Promise.withResolvers<void>();
      await this.#room.promise;
    }
  }

  #dispatch(): void {
    while (!this.#stopping && this.#invoking < this.#concurrency) {
      const batch = this.#line.shift();
      if (!batch) break;
      const run = this.#process(batch);
      this.#running.add(run);
      void run.then(() => this.#running.delete(run));
    }
    if (this.#line.length < BATCHES_AHEAD) this.#room.resolve();
  }

  async #process(batch: readonly SqsRecord[]): Promise<void> {
    this.#invoking += 1;
    const result = await this.#invoke(batch);
    this.#invoking -= 1;
    this.#dispatch();
    const ids = batch.map((record) => record.messageId);
    const verdict = batchVerdict(result, ids, this.#options.mapping.reportBatchItemFailures);
    await this.#delete(batch.filter((_, index) => verdict[index]));
  }

  async #invoke(batch: readonly SqsRecord[]): Promise<InvocationResult> {
    const { invoke, deliveries = 1 } = this.#options;
    for (let copy = 1; copy < deliveries; copy++) await invoke(sqsEvent(batch, copy, deliveries));
    return await invoke(sqsEvent(batch, deliveries, deliveries));
  }

  async #delete(records: readonly SqsRecord[]): Promise<void> {
    try {
      await this.#options.queue.delete(records);
    } catch (error) {
      // What is not deleted is delivered again: allowed, and better than a mapping that ends.
      this.#options.onError(`${this.#options.mapping.logicalId} can't delete: ${String(error)}`);
    }
  }

  async #giveBack(records: readonly SqsRecord[]): Promise<void> {
    try {
      await this.#options.queue.giveBack(records);
    } catch (error) {
      // They come back with their visibility timeout anyway, only later.
      this.#options.onError(`${this.#options.mapping.logicalId} can't give back: ${String(error)}`);
    }
  }
}

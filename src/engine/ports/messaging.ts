import type { Batch } from '../batch.ts';
import type { Checkpoint, JobFailure, JobKey } from '../job.ts';

/** Where batches go to be processed. */
export interface BatchQueue {
  /** Resolves when every batch is acknowledged by the queue; some may have been sent when it rejects. */
  send(batches: readonly Batch[]): Promise<void>;
}

/** Asks for the fan-out of a job to go on in another invocation. */
export interface Continuation extends JobKey {
  /** The checkpoint's batch when it was sent: what has moved since then was not in vain. */
  readonly nextBatch: number;
  /** Send again, from here on, what the ledger of a sealed job lacks. */
  readonly resendFrom?: Checkpoint;
}

export interface Continuations {
  send(continuation: Continuation): Promise<void>;
}

/** What is announced when a job comes to its end. Every copy of an event is the same: content and `eventId`. */
export interface JobEvent extends JobKey {
  readonly kind: 'completed' | 'failed' | 'cancelled';
  readonly eventId: string;
  readonly createdAt: number;
  /** Of a completed job alone: those of another may still grow by what was under way, and an event never changes. */
  readonly counts?: { readonly items: number; readonly succeeded: number; readonly failed: number };
  readonly failure?: JobFailure;
}

export interface Announcer {
  announce(event: JobEvent): Promise<void>;
}

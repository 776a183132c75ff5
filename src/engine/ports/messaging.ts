import type { Batch } from '../model/batch.ts';
import type { Continuation } from '../model/continuation.ts';
import type { JobFailure, JobKey } from '../model/job.ts';

/** Where batches go to be processed. */
export interface BatchQueue {
  /** Resolves when every batch is acknowledged by the queue; some may have been sent when it rejects. */
  send(batches: readonly Batch[]): Promise<void>;
}

export interface Continuations {
  send(continuation: Continuation): Promise<void>;
}

/** How many messages wait in a queue or are being processed. The queue tells it approximately, and a little late. */
export interface QueueDepths {
  batches(): Promise<number>;
  continuations(): Promise<number>;
  completions(): Promise<number>;
}

/** What is announced when a job comes to its end. Every copy of an event is the same: content and `eventId`. */
export interface JobEvent extends JobKey {
  readonly kind: 'completed' | 'failed' | 'cancelled';
  readonly eventId: string;
  /** The job that the items came with: of a redrive, the one that it redrives. */
  readonly originId: string;
  readonly createdAt: number;
  /** Of a completed job alone: those of another may still grow by what was under way, and an event never changes. */
  readonly counts?: { readonly items: number; readonly succeeded: number; readonly failed: number };
  readonly failure?: JobFailure;
}

export interface Announcer {
  announce(event: JobEvent): Promise<void>;
}

import type { Batch } from '../model/batch.ts';
import type { Continuation } from '../model/continuation.ts';
import type { JobFailure, JobKey } from '../model/job.ts';

/** Sends batches to the workers. */
export interface BatchQueue {
  /** Resolves when the queue has acknowledged every batch. If it rejects, some may have been sent. */
  send(batches: readonly Batch[]): Promise<void>;
}

export interface Continuations {
  send(continuation: Continuation): Promise<void>;
}

/** Counts the messages that wait in a queue or are being processed. The numbers are approximate, and a little late. */
export interface QueueDepths {
  batches(): Promise<number>;
  continuations(): Promise<number>;
  completions(): Promise<number>;
}

/** The event of a job's end. Every copy of it has the same content and the same `eventId`. */
export interface JobEvent extends JobKey {
  readonly kind: 'completed' | 'failed' | 'cancelled';
  readonly eventId: string;
  /** The job that the items came with; for a redrive, the job that it redrives. */
  readonly originId: string;
  readonly createdAt: number;
  /** Only for a completed job: the counts of any other may still grow, and an event never changes. */
  readonly counts?: { readonly items: number; readonly succeeded: number; readonly failed: number };
  readonly failure?: JobFailure;
}

export interface Announcer {
  announce(event: JobEvent): Promise<void>;
}

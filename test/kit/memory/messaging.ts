import type {
  Announcer,
  Batch,
  BatchQueue,
  Continuation,
  Continuations,
  JobEvent,
  QueueDepths,
} from '../../../src/engine/index.ts';

/** Queues and topic in memory: what was sent, in order. A test decides what is delivered, and how often. */
export class MemoryMessaging {
  readonly sentBatches: Batch[] = [];
  readonly sentContinuations: Continuation[] = [];
  readonly announced: JobEvent[] = [];

  readonly batches: BatchQueue = {
    send: async (batches) => void this.sentBatches.push(...structuredClone(batches)),
  };

  readonly continuations: Continuations = {
    send: async (continuation) => void this.sentContinuations.push(structuredClone(continuation)),
  };

  /** The number of messages in the arrays above. What a test takes out counts as processed. */
  readonly depths: QueueDepths = {
    batches: async () => this.sentBatches.length,
    continuations: async () => this.sentContinuations.length,
    completions: async () => this.announced.length,
  };

  readonly announcer: Announcer = {
    announce: async (event) => void this.announced.push(structuredClone(event)),
  };
}

import type { Batch, SourceItem } from './batch.ts';
import { firstRunId, type Checkpoint, type Job } from './job.ts';

/** The checkpoint after one more batch. */
export function checkpointAfter(at: Checkpoint, items: readonly SourceItem[]): Checkpoint {
  const last = items.at(-1)!;
  return {
    byteOffset: last.endOffset,
    line: last.nextLine,
    nextItem: at.nextItem + items.length,
    nextBatch: at.nextBatch + 1,
  };
}

/** The batch that lies between two checkpoints. */
export const batchOf = (job: Job, from: Checkpoint, to: Checkpoint, items: readonly SourceItem[]): Batch => ({
  tenant: job.tenant,
  jobId: job.jobId,
  runId: firstRunId(job),
  batch: from.nextBatch,
  firstItem: from.nextItem,
  bytes: to.byteOffset - from.byteOffset,
  items: items.map(({ line, cells }) => ({ line, cells })),
});

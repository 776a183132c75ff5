import type { Batch } from './batch.ts';
import { runId, type Checkpoint, type Job } from './job.ts';
import type { SourceRecord } from './reader/records.ts';

/** The checkpoint after one more batch. */
export function checkpointAfter(at: Checkpoint, records: readonly SourceRecord[]): Checkpoint {
  const last = records.at(-1)!;
  return {
    byteOffset: last.endOffset,
    line: last.nextLine,
    nextItem: at.nextItem + records.length,
    nextBatch: at.nextBatch + 1,
  };
}

/** The batch that lies between two checkpoints. A record of a redrive says itself which item it is. */
export const batchOf = (job: Job, from: Checkpoint, to: Checkpoint, records: readonly SourceRecord[]): Batch => ({
  tenant: job.tenant,
  jobId: job.jobId,
  runId: runId(job),
  batch: from.nextBatch,
  bytes: sourceBytesOf(records) ?? to.byteOffset - from.byteOffset,
  items: records.map(({ index, line, cells, fault }, position) => ({
    index: index ?? from.nextItem + position,
    line,
    cells,
    ...(fault && { fault }),
  })),
});

/** Of a compressed source, whose checkpoints count decoded bytes. */
const sourceBytesOf = (records: readonly SourceRecord[]): number | undefined =>
  records.some(({ sourceBytes }) => sourceBytes !== undefined)
    ? records.reduce((sum, { sourceBytes = 0 }) => sum + sourceBytes, 0)
    : undefined;

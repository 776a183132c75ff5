import type { Batch } from '../model/batch.ts';
import { toJsonText } from '../model/json-text.ts';
import { runId, type Checkpoint, type CutRule, type Job } from '../model/job.ts';
import type { SourceRecord } from '../model/records.ts';

/**
 * Cuts a stream of records into batches. The same records after the same checkpoint always give the same batches, so a
 * second fan-out of a job is harmless.
 */
export class Cutter {
  readonly #cut: CutRule;
  #items: SourceRecord[] = [];
  #size = 0;

  constructor(cut: CutRule) {
    this.#cut = cut;
  }

  /** Takes an item; returns the items of a batch that is complete without it, or with it. At most one batch can be. */
  add(item: SourceRecord): readonly SourceRecord[] | undefined {
    const size = Buffer.byteLength(toJsonText(item.cells));
    const before = this.#size + size > this.#cut.batchBytes && this.#items.length > 0 ? this.rest() : undefined;
    this.#items.push(item);
    this.#size += size;
    return before ?? (this.#items.length === this.#cut.itemsPerBatch ? this.rest() : undefined);
  }

  /** What is left when the source has ended; empties the cutter. */
  rest(): readonly SourceRecord[] {
    const items = this.#items;
    this.#items = [];
    this.#size = 0;
    return items;
  }
}

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

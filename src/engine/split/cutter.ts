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

  /** Takes an item. Returns the items of the batch that is complete before it or with it, if there is one. */
  add(item: SourceRecord): readonly SourceRecord[] | undefined {
    const size = Buffer.byteLength(toJsonText(item.cells));
    const before = this.#size + size > this.#cut.batchBytes && this.#items.length > 0 ? this.rest() : undefined;
    this.#items.push(item);
    this.#size += size;
    return before ?? (this.#items.length === this.#cut.itemsPerBatch ? this.rest() : undefined);
  }

  /** Empties the cutter. Returns the items of the last batch, once the source has ended. */
  rest(): readonly SourceRecord[] {
    const items = this.#items;
    this.#items = [];
    this.#size = 0;
    return items;
  }
}

/** Moves a checkpoint behind one more batch. */
export function checkpointAfter(at: Checkpoint, records: readonly SourceRecord[]): Checkpoint {
  const last = records.at(-1)!;
  return {
    byteOffset: last.endOffset,
    line: last.nextLine,
    nextItem: at.nextItem + records.length,
    nextBatch: at.nextBatch + 1,
  };
}

/** Makes the batch between two checkpoints. A record of a redrive has the number of its item. */
export const batchOf = (job: Job, from: Checkpoint, to: Checkpoint, records: readonly SourceRecord[]): Batch => ({
  tenant: job.tenant,
  jobId: job.jobId,
  runId: runId(job),
  batch: from.nextBatch,
  bytes: sumSourceBytes(records) ?? to.byteOffset - from.byteOffset,
  items: records.map(({ index, line, cells, fault }, position) => ({
    index: index ?? from.nextItem + position,
    line,
    cells,
    ...(fault && { fault }),
  })),
});

/** Sums what the records take of a compressed source, whose checkpoints count decoded bytes. */
const sumSourceBytes = (records: readonly SourceRecord[]): number | undefined =>
  records.some(({ sourceBytes }) => sourceBytes !== undefined)
    ? records.reduce((sum, { sourceBytes = 0 }) => sum + sourceBytes, 0)
    : undefined;

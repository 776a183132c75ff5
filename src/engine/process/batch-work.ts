import type { Batch } from '../model/batch.ts';
import type { IndexedRow, JobDefinition } from '../definition.ts';
import { evaluate, failuresReference } from './evaluate.ts';
import { isStopped, runOf, segmentKey, segmentOf, type Job } from '../model/job.ts';
import type { ItemFailure } from '../model/outcome.ts';
import type { Failures, Ledger } from '../ports/ledger.ts';
import { record } from './record.ts';
import { succeededOf } from '../failures/voids.ts';
import type { BatchOutcome, SegmentRecord } from '../model/segment.ts';

export interface BatchWorkPorts {
  readonly ledger: Ledger;
  readonly failures: Failures;
}

/** Makes the effects of valid items; resolves to those that fail all the same. */
export type BringIn<Row> = (rows: readonly IndexedRow<Row>[]) => Promise<readonly ItemFailure[]>;

/** What is done with one batch: it is brought to its outcome, and what is seen is made to agree with the ledger. */
export class BatchWork<Row> {
  readonly #ports: BatchWorkPorts;
  readonly #definition: JobDefinition<Row>;

  constructor(ports: BatchWorkPorts, definition: JobDefinition<Row>) {
    this.#ports = ports;
    this.#definition = definition;
  }

  /** Decides, applies, voids and keeps the failures. Nothing is recorded yet. */
  async execute(job: Job, batch: Batch): Promise<BatchOutcome> {
    const { rows, failures } = evaluate(this.#definition, job, batch);
    if (rows.length > 0) await this.#definition.apply(runOf(job), rows);
    return this.#outcome(job, batch, failures);
  }

  /**
   * As {@link execute}, for a batch whose message was given up: `bringIn` makes the effects, and says which items fail
   * for good.
   */
  async executeGivenUp(job: Job, batch: Batch, bringIn: BringIn<Row>): Promise<BatchOutcome> {
    const { rows, failures } = evaluate(this.#definition, job, batch);
    const all = [...failures, ...(await bringIn(rows))];
    return this.#outcome(
      job,
      batch,
      all.toSorted((a, b) => a.index - b.index),
    );
  }

  /**
   * Brings a batch in that another delivery may have recorded, or may still be at work on: `bringIn` runs only if
   * nobody has recorded it. Returns the segment as it is then; what is seen agrees with it.
   */
  async finish(job: Job, batch: Batch, bringIn: () => Promise<BatchOutcome>): Promise<SegmentRecord> {
    const key = segmentKey(job, segmentOf(job.cut, batch.batch));
    const [stored] = await this.#ports.ledger.read([key]);
    const segment = stored?.batches.has(batch.batch) ? stored : await this.#record(job, batch, bringIn);
    await this.enforce(job, batch, segment);
    return segment;
  }

  async #record(job: Job, batch: Batch, bringIn: () => Promise<BatchOutcome>): Promise<SegmentRecord> {
    // A job that was stopped starts nothing, but what was stored before is counted.
    const outcome = await (isStopped(job) ? this.#lookUp(job, batch) : bringIn());
    const { segment } = await record(this.#ports.ledger, segmentKey(job, segmentOf(job.cut, batch.batch)), [outcome]);
    return segment;
  }

  /**
   * Makes what is seen agree with the ledger, for a batch that another delivery had to do with too. They can differ
   * only if a deployment changed the rules in between: then one delivery has voided what the other recorded as
   * succeeded.
   */
  async enforce(job: Job, batch: Batch, segment: SegmentRecord): Promise<void> {
    const succeeded = await succeededOf(this.#ports.failures, segment, batch.batch, indexesOf(batch));
    if (succeeded.length > 0) await this.#definition.restoreItems(runOf(job), succeeded);
  }

  /** Counts what is applied. What is still on its way is voided: it would be seen and not counted. */
  async #lookUp(job: Job, batch: Batch): Promise<BatchOutcome> {
    const indexes = indexesOf(batch);
    const applied = await this.#definition.applied(runOf(job), indexes);
    const missing = indexes.filter((index) => !applied.has(index));
    if (missing.length === 0) return this.#keep(job, batch, []);
    const inUse = await this.#definition.voidItems(runOf(job), batch.batch, missing);
    const imported = indexes.filter((index) => applied.has(index) || inUse.has(index));
    return this.#keep(job, batch, [], imported);
  }

  /** Voids what failed and keeps its details, so that the ledger can count it. */
  async #outcome(job: Job, batch: Batch, failures: readonly ItemFailure[]): Promise<BatchOutcome> {
    const refused = failures.length > 0 ? await this.#refuse(job, batch, failures) : [];
    return this.#keep(job, batch, refused, importedByRedrive(job, batch, refused));
  }

  async #keep(
    job: Job,
    batch: Batch,
    refused: readonly ItemFailure[],
    imported?: readonly number[],
  ): Promise<BatchOutcome> {
    const reference = failuresReference(refused, imported);
    if (reference !== undefined) {
      const key = segmentKey(job, segmentOf(job.cut, batch.batch));
      const kept = { batch: batch.batch, reference, failures: refused, ...(imported && { imported }) };
      await this.#ports.failures.keep(key, kept);
    }
    return {
      batch: batch.batch,
      succeeded: imported?.length ?? batch.items.length - refused.length,
      failed: refused.length,
      bytes: batch.bytes,
      ...(reference !== undefined && { failuresReference: reference }),
    };
  }

  /** Voids what failed; what somebody already works with has succeeded before and is not refused any more. */
  async #refuse(job: Job, { batch }: Batch, failures: readonly ItemFailure[]): Promise<readonly ItemFailure[]> {
    const inUse = await this.#definition.voidItems(
      runOf(job),
      batch,
      failures.map(({ index }) => index),
    );
    return failures.filter(({ index }) => !inUse.has(index));
  }
}

/** What a redrive brings in is written down, for whoever asks what still stands failed. */
function importedByRedrive(job: Job, batch: Batch, refused: readonly ItemFailure[]): readonly number[] | undefined {
  if (!job.redriveOf) return undefined;
  const failed = new Set(refused.map(({ index }) => index));
  return indexesOf(batch).filter((index) => !failed.has(index));
}

const indexesOf = (batch: Batch): number[] => batch.items.map(({ index }) => index);

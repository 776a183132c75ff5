import type { Batch } from '../model/batch.ts';
import type { IndexedRow, JobDefinition } from '../definition.ts';
import { evaluate, failuresReference } from './evaluate.ts';
import { isStopped, runOf, segmentKey, segmentOf, type Job } from '../model/job.ts';
import type { ItemFailure } from '../model/outcome.ts';
import type { Failures, Ledger } from '../ports/ledger.ts';
import { record, type Recorded } from './record.ts';
import { succeededOf } from '../failures/voids.ts';
import type { BatchOutcome, SegmentRecord } from '../model/segment.ts';

export interface BatchPorts {
  readonly ledger: Ledger;
  readonly failures: Failures;
}

/** What became of batches that were processed together. */
export interface Together {
  /** The segment as stored afterwards, if anything was recorded in it. */
  readonly segment?: SegmentRecord;
  /** The errors of batches that must be processed again, by batch number. */
  readonly failed: ReadonlyMap<number, unknown>;
}

/** Applies valid items; resolves to those that fail all the same. */
export type Apply<Row> = (rows: readonly IndexedRow<Row>[]) => Promise<readonly ItemFailure[]>;

/**
 * Decides the items of batches, applies and voids them, keeps the failures, and only then records the outcomes. If
 * another delivery has recorded a batch, makes its voids agree with the ledger.
 */
export class BatchProcessor<Row> {
  readonly #ports: BatchPorts;
  readonly #definition: JobDefinition<Row>;

  constructor(ports: BatchPorts, definition: JobDefinition<Row>) {
    this.#ports = ports;
    this.#definition = definition;
  }

  /** Processes first deliveries of batches of one segment at once, and records in one write all that succeed. */
  async processTogether(job: Job, batches: readonly Batch[]): Promise<Together> {
    const results = await Promise.allSettled(batches.map((batch) => this.#produceOutcome(job, batch)));
    const outcomes = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failed = new Map<number, unknown>();
    results.forEach((result, position) => {
      if (result.status === 'rejected') failed.set(batches[position]!.batch, result.reason);
    });
    if (outcomes.length === 0) return { failed };
    try {
      const { segment, earlier } = await this.#record(job, outcomes);
      const lost = batches.filter(({ batch }) => earlier.has(batch));
      for (const batch of lost) await this.#enforce(job, batch, segment);
      return { segment, failed };
    } catch (reason) {
      for (const { batch } of outcomes) failed.set(batch, reason);
      return { failed };
    }
  }

  /**
   * Processes a batch that another delivery may have recorded, or may still be processing. Resolves to its segment as
   * stored afterwards.
   */
  processAlone(job: Job, batch: Batch): Promise<SegmentRecord> {
    return this.#processUnlessRecorded(job, batch, () => this.#produceOutcome(job, batch));
  }

  /** As {@link processAlone}, for a dead letter: `apply` says which valid items fail for good. */
  processDeadLetter(job: Job, batch: Batch, apply: Apply<Row>): Promise<SegmentRecord> {
    return this.#processUnlessRecorded(job, batch, async () => {
      const { rows, failures } = evaluate(this.#definition, job, batch);
      const all = [...failures, ...(await apply(rows))].toSorted((a, b) => a.index - b.index);
      return this.#keepOutcome(job, batch, all);
    });
  }

  async #processUnlessRecorded(
    job: Job,
    batch: Batch,
    produceOutcome: () => Promise<BatchOutcome>,
  ): Promise<SegmentRecord> {
    const [stored] = await this.#ports.ledger.read([segmentKey(job, segmentOf(job.cut, batch.batch))]);
    let segment = stored;
    if (!segment?.batches.has(batch.batch)) {
      // A stopped job applies nothing more, but what was applied before the stop is counted.
      const outcome = await (isStopped(job) ? this.#lookUpOutcome(job, batch) : produceOutcome());
      ({ segment } = await this.#record(job, [outcome]));
    }
    await this.#enforce(job, batch, segment);
    return segment;
  }

  #record(job: Job, outcomes: readonly BatchOutcome[]): Promise<Recorded> {
    return record(this.#ports.ledger, segmentKey(job, segmentOf(job.cut, outcomes[0]!.batch)), outcomes);
  }

  /**
   * Restores the items that the ledger counts as succeeded, for a batch that several deliveries have processed. Items
   * differ from the ledger only if a deployment changed the rules in between: then one delivery voids what another
   * records as succeeded.
   */
  async #enforce(job: Job, batch: Batch, segment: SegmentRecord): Promise<void> {
    const succeeded = await succeededOf(this.#ports.failures, segment, batch.batch, indexesOf(batch));
    if (succeeded.length > 0) await this.#definition.restoreItems(runOf(job), succeeded);
  }

  async #produceOutcome(job: Job, batch: Batch): Promise<BatchOutcome> {
    const { rows, failures } = evaluate(this.#definition, job, batch);
    if (rows.length > 0) await this.#definition.apply(runOf(job), rows);
    return this.#keepOutcome(job, batch, failures);
  }

  /** Counts what is applied. What another worker may still be applying is voided: it would be visible, not counted. */
  async #lookUpOutcome(job: Job, batch: Batch): Promise<BatchOutcome> {
    const indexes = indexesOf(batch);
    const applied = await this.#definition.applied(runOf(job), indexes);
    const missing = indexes.filter((index) => !applied.has(index));
    if (missing.length === 0) return this.#keep(job, batch, []);
    const inUse = await this.#definition.voidItems(runOf(job), batch.batch, missing);
    const imported = indexes.filter((index) => applied.has(index) || inUse.has(index));
    return this.#keep(job, batch, [], imported);
  }

  /** Voids what failed and keeps its details, so that the ledger can count it. */
  async #keepOutcome(job: Job, batch: Batch, failures: readonly ItemFailure[]): Promise<BatchOutcome> {
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

  /** Voids the failed items. One whose task a caller has changed already has succeeded before, and stays so. */
  async #refuse(job: Job, { batch }: Batch, failures: readonly ItemFailure[]): Promise<readonly ItemFailure[]> {
    const inUse = await this.#definition.voidItems(
      runOf(job),
      batch,
      failures.map(({ index }) => index),
    );
    return failures.filter(({ index }) => !inUse.has(index));
  }
}

/** The items that a redrive imports. They are stored, because readers of the remaining failures look for them. */
function importedByRedrive(job: Job, batch: Batch, refused: readonly ItemFailure[]): readonly number[] | undefined {
  if (!job.redriveOf) return undefined;
  const failed = new Set(refused.map(({ index }) => index));
  return indexesOf(batch).filter((index) => !failed.has(index));
}

const indexesOf = (batch: Batch): number[] => batch.items.map(({ index }) => index);

import type { Batch } from '../model/batch.ts';
import type { IndexedRow, JobDefinition } from '../definition.ts';
import { RefusedItemError } from '../errors.ts';
import { runOf, segmentKey, segmentOf, type Job } from '../model/job.ts';
import { DEADLY_TRIES, NotedTries, type NotedTriesPorts } from './noted-tries.ts';
import type { ItemFailure, Refusal } from '../model/outcome.ts';
import type { Deadline } from '../ports/clock.ts';

/** The refusal of an item that kills its workers, although nothing is known to be wrong with it. */
const RETRIES_EXHAUSTED: Refusal = {
  code: 'RETRIES_EXHAUSTED',
  message: `the row was tried alone, and ${DEADLY_TRIES} workers in a row ended in the middle of it; nothing else is known to be wrong with the row`,
};

/** The refusal of an item that the store will never take. */
const NOT_STORABLE: Refusal = {
  code: 'NOT_STORABLE',
  message:
    'the store refuses the row for good, though it breaks no rule: it is too large, or holds a value that the store does not take',
};

/** The results of the items that had no effect before; those in neither map have it now. */
interface Tried {
  readonly refusals: ReadonlyMap<number, Refusal>;
  /** In the order of the tries: the error of a service is before the lack of time that it caused. */
  readonly failed: ReadonlyMap<number, unknown>;
}

/**
 * Tries one by one the items of a batch whose message became a dead letter. An item fails only if worker after worker
 * dies over it, or if the store refuses it for good. Any other error is a service's, and the message is delivered
 * again.
 */
export class LastTries<Row> {
  readonly #tries: NotedTries;
  readonly #definition: JobDefinition<Row>;

  constructor(ports: NotedTriesPorts, definition: JobDefinition<Row>) {
    this.#tries = new NotedTries(ports);
    this.#definition = definition;
  }

  /**
   * Resolves to the items that fail for good; all others have had their effect. Rejects if a service failed for an
   * item, after the others were tried, or when the time is up.
   */
  async importEach(
    job: Job,
    batch: Batch,
    rows: readonly IndexedRow<Row>[],
    deadline: Deadline,
  ): Promise<readonly ItemFailure[]> {
    const run = runOf(job);
    const indexes = rows.map(({ index }) => index);
    const before = await this.#definition.applied(run, indexes);
    const missing = rows.filter(({ index }) => !before.has(index));
    if (missing.length === 0) return [];
    const { refusals, failed } = await this.#tryEach(job, batch, missing, deadline);
    if (failed.size + refusals.size === 0) return [];
    // A call that failed may have had its effect all the same, and so may the call of a worker that died.
    const applied = await this.#definition.applied(run, indexes);
    for (const [index, reason] of failed) if (!applied.has(index)) throw reason;
    return [...refusals].filter(([index]) => !applied.has(index)).map(([index, why]) => failureOf(batch, index, why));
  }

  async #tryEach(job: Job, batch: Batch, rows: readonly IndexedRow<Row>[], deadline: Deadline): Promise<Tried> {
    const key = segmentKey(job, segmentOf(job.cut, batch.batch));
    const deadly = await this.#tries.deadly(key, batch.batch, deadline);
    const refusals = new Map<number, Refusal>();
    const failed = new Map<number, unknown>();
    for (const row of rows) {
      if (deadly.has(row.index)) {
        refusals.set(row.index, RETRIES_EXHAUSTED);
        continue;
      }
      try {
        const tryKey = { key, batch: batch.batch, tried: row.index };
        await this.#tries.tryAlone(tryKey, deadline, () => this.#definition.apply(runOf(job), [row]));
      } catch (reason) {
        if (reason instanceof RefusedItemError) refusals.set(row.index, NOT_STORABLE);
        else failed.set(row.index, reason);
      }
    }
    return { refusals, failed };
  }
}

function failureOf(batch: Batch, index: number, refusal: Refusal): ItemFailure {
  const item = batch.items.find((one) => one.index === index)!;
  return { ...refusal, ...item };
}

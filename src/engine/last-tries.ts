import type { Batch } from './batch.ts';
import type { IndexedRow, JobDefinition } from './definition.ts';
import { OutOfTimeError, RefusedItemError } from './errors.ts';
import { runOf, segmentKey, segmentOf, type Job } from './job.ts';
import type { ItemFailure, Refusal } from './outcome.ts';
import type { Clock, Deadline } from './ports/clock.ts';
import type { Tries } from './ports/tries.ts';
import type { SegmentKey } from './segment.ts';

/** An item over which so many workers died in a row, with no try in between that was answered, kills every worker. */
export const DEADLY_TRIES = 3;

/** Twice as long as the reader of dead letters may run: whoever began a try so long ago does not live any more. */
export const TRY_ENDS_AFTER_MILLISECONDS = 60_000;

/** What the slowest try takes: noting it, the effect and taking it back, each until its call gives up. */
export const TRY_RESERVE_MILLISECONDS = 20_000;

/** How an item ends that kills its workers, although nothing is known to be wrong with it. */
const RETRIES_EXHAUSTED: Refusal = {
  code: 'RETRIES_EXHAUSTED',
  message: `the row was tried alone, and ${DEADLY_TRIES} workers in a row ended in the middle of it; nothing else is known to be wrong with the row`,
};

/** How an item ends that the store will never take. */
const NOT_STORABLE: Refusal = {
  code: 'NOT_STORABLE',
  message:
    'the store refuses the row for good, though it breaks no rule: it is too large, or holds a value that the store does not take',
};

export interface LastTriesPorts {
  readonly tries: Tries;
  readonly clock: Clock;
}

/** What became of the items that had had no effect; those that are in neither have it now. */
interface Tried {
  readonly refusals: ReadonlyMap<number, Refusal>;
  /** In order: the failure of a service is told before the time that it took. */
  readonly failed: ReadonlyMap<number, unknown>;
}

/**
 * Tries the items of a batch one by one whose message was given up. Only two things are a verdict on an item: workers die over
 * it again and again, or the store refuses it for good. Any other failure is that of a service: the message comes again.
 */
export class LastTries<Row> {
  readonly #ports: LastTriesPorts;
  readonly #definition: JobDefinition<Row>;

  constructor(ports: LastTriesPorts, definition: JobDefinition<Row>) {
    this.#ports = ports;
    this.#definition = definition;
  }

  /**
   * Resolves to the items that fail for good; all others have had their effect. Rejects if an item is still missing for any
   * other reason, once every other one was tried, or when the time is up.
   */
  async bringIn(
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
    // A call that failed may have had its effect, and so may a worker that died over it.
    const applied = await this.#definition.applied(run, indexes);
    for (const [index, reason] of failed) if (!applied.has(index)) throw reason;
    return [...refusals].filter(([index]) => !applied.has(index)).map(([index, why]) => failureOf(batch, index, why));
  }

  async #tryEach(job: Job, batch: Batch, rows: readonly IndexedRow<Row>[], deadline: Deadline): Promise<Tried> {
    const key = segmentKey(job, segmentOf(job.cut, batch.batch));
    const deadly = await this.#deadlyItems(key, batch.batch);
    const refusals = new Map<number, Refusal>();
    const failed = new Map<number, unknown>();
    for (const row of rows) {
      if (deadly.has(row.index)) {
        refusals.set(row.index, RETRIES_EXHAUSTED);
        continue;
      }
      if (deadline.remainingMilliseconds() < TRY_RESERVE_MILLISECONDS) {
        failed.set(row.index, new OutOfTimeError());
        continue;
      }
      try {
        await this.#tryAlone(key, batch.batch, row.index, () => this.#definition.apply(runOf(job), [row]));
      } catch (reason) {
        // A verdict, or the reason why the message comes again.
        if (reason instanceof RefusedItemError) refusals.set(row.index, NOT_STORABLE);
        else failed.set(row.index, reason);
      }
    }
    return { refusals, failed };
  }

  /** A try counts as a death once its worker can't be alive any more: until then it may be under way. */
  async #deadlyItems(key: SegmentKey, batch: number): Promise<ReadonlySet<number>> {
    const latest = this.#ports.clock.now() - TRY_ENDS_AFTER_MILLISECONDS;
    const unanswered = await this.#ports.tries.unanswered(key, batch);
    const deaths = (begun: readonly number[]): number => begun.filter((at) => at <= latest).length;
    return new Set([...unanswered].filter(([, begun]) => deaths(begun) >= DEADLY_TRIES).map(([index]) => index));
  }

  async #tryAlone(key: SegmentKey, batch: number, index: number, effect: () => Promise<void>): Promise<void> {
    const { tries, clock } = this.#ports;
    try {
      await tries.begin(key, batch, index, clock.now());
      await effect();
    } finally {
      // Also after a beginning that failed: it may have been noted all the same.
      await tries.answer(key, batch, index);
    }
  }
}

function failureOf(batch: Batch, index: number, refusal: Refusal): ItemFailure {
  const item = batch.items.find((one) => one.index === index)!;
  return { ...refusal, ...item };
}

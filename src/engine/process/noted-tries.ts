import { OutOfTimeError } from '../errors.ts';
import type { Clock, Deadline } from '../ports/clock.ts';
import type { Tried, Tries } from '../ports/tries.ts';
import type { SegmentKey } from '../model/segment.ts';

/** After so many deaths in a row, with no try in between that ended, an item counts as deadly to every worker. */
export const DEADLY_TRIES = 3;

/** Twice as long as a reader of dead letters may run: a worker that began a try so long ago is not alive any more. */
export const TRY_ENDS_AFTER_MILLISECONDS = 60_000;

/**
 * The slowest try takes 18 s until each of its calls gives up: 2 s to note it, 10 s for its effect, 6 s to take it
 * back. The reader has 30 s, so a try that begins in time ends before Lambda ends the reader.
 */
export const TRY_RESERVE_MILLISECONDS = 20_000;

/** Enough for the slowest call that takes a try back, and for the end of the invocation. */
export const TAKE_BACK_RESERVE_MILLISECONDS = 8_000;

/** How many times in a row a worker calls the store to take a try back, while the calls fail and there is time. */
export const TAKE_BACK_ROUNDS = 5;

export interface NotedTriesPorts {
  readonly tries: Tries;
  readonly clock: Clock;
}

/** Identifies what is tried. */
export interface TryKey {
  readonly key: SegmentKey;
  readonly batch: number;
  readonly tried: Tried;
}

/**
 * Tries what may kill its worker. Each try is noted before it begins and taken back when it ends, so a note that
 * remains means a death. If a worker cannot take a note back, it begins no other try, and reads no deaths, until it has
 * done so.
 */
export class NotedTries {
  readonly #ports: NotedTriesPorts;
  readonly #owed = new Map<string, TryKey>();

  constructor(ports: NotedTriesPorts) {
    this.#ports = ports;
  }

  /**
   * Resolves to what has killed its workers, of all that is noted at a batch. A try counts as a death once its worker
   * cannot be alive any more; until then it may be under way. Rejects if this worker cannot take back an earlier try.
   */
  async deadly(key: SegmentKey, batch: number, deadline: Deadline): Promise<ReadonlySet<Tried>> {
    await this.#takeBackOwed(deadline);
    const latest = this.#ports.clock.now() - TRY_ENDS_AFTER_MILLISECONDS;
    const open = await this.#ports.tries.readOpen(key, batch);
    const deaths = (begun: readonly number[]): number => begun.filter((at) => at <= latest).length;
    return new Set([...open].filter(([, begun]) => deaths(begun) >= DEADLY_TRIES).map(([tried]) => tried));
  }

  /**
   * Rejects as `effect` does, or if the time is not enough for a try, or if a try of this worker cannot be taken back.
   */
  async tryAlone(tryKey: TryKey, deadline: Deadline, effect: () => Promise<void>): Promise<void> {
    if (deadline.remainingMilliseconds() < TRY_RESERVE_MILLISECONDS) throw new OutOfTimeError();
    await this.#takeBackOwed(deadline);
    const { tries, clock } = this.#ports;
    try {
      await tries.begin(tryKey.key, tryKey.batch, tryKey.tried, clock.now());
      await effect();
    } finally {
      // A begin that failed may have noted the try all the same.
      await this.#takeBack(tryKey, deadline);
    }
  }

  async #takeBackOwed(deadline: Deadline): Promise<void> {
    for (const tryKey of this.#owed.values()) await this.#takeBack(tryKey, deadline);
  }

  async #takeBack(tryKey: TryKey, deadline: Deadline): Promise<void> {
    const { key, batch, tried } = tryKey;
    const id = [key.tenant, key.runId, batch, tried].join('/');
    this.#owed.set(id, tryKey);
    for (let round = 1; this.#owed.has(id); round++) {
      try {
        await this.#ports.tries.end(key, batch, tried);
        this.#owed.delete(id);
      } catch (reason) {
        const isLate = deadline.remainingMilliseconds() < TAKE_BACK_RESERVE_MILLISECONDS;
        if (round === TAKE_BACK_ROUNDS || isLate) throw reason;
      }
    }
  }
}

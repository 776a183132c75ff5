import { OutOfTimeError } from '../errors.ts';
import type { Clock, Deadline } from '../ports/clock.ts';
import type { Tried, Tries } from '../ports/tries.ts';
import type { SegmentKey } from '../model/segment.ts';

/** What so many workers died over in a row, with no try in between that was answered, kills every worker. */
export const DEADLY_TRIES = 3;

/** Twice as long as a reader of dead letters may run: whoever began a try so long ago does not live any more. */
export const TRY_ENDS_AFTER_MILLISECONDS = 60_000;

/**
 * What the slowest try takes, until each of its calls gives up: 2 s to note it, 10 s for its effect, 6 s to take it
 * back. The reader has 30 s, so a try that begins in time is answered before the reader is ended.
 */
export const TRY_RESERVE_MILLISECONDS = 20_000;

/** What the slowest call takes that takes a try back, and the end of the invocation. */
export const TAKE_BACK_RESERVE_MILLISECONDS = 8_000;

/** How often a try is taken back while that fails, if there is time. */
export const TAKE_BACK_ROUNDS = 5;

export interface NotedTriesPorts {
  readonly tries: Tries;
  readonly clock: Clock;
}

/** Where a try is noted. */
export interface TryKey {
  readonly key: SegmentKey;
  readonly batch: number;
  readonly tried: Tried;
}

/**
 * Tries of what may kill its worker. Each is noted before it begins and taken back once it is answered, so that a note
 * that stays tells of a death. What could not be taken back is owed by this worker: it begins no other try, and judges
 * nothing, before it has paid.
 */
export class NotedTries {
  readonly #ports: NotedTriesPorts;
  readonly #owed = new Map<string, TryKey>();

  constructor(ports: NotedTriesPorts) {
    this.#ports = ports;
  }

  /**
   * What has killed its workers, of all that is noted at a batch. A try counts as a death once its worker can't be
   * alive any more: until then it may be under way. Rejects if this worker still owes a note.
   */
  async deadly(key: SegmentKey, batch: number, deadline: Deadline): Promise<ReadonlySet<Tried>> {
    await this.#pay(deadline);
    const latest = this.#ports.clock.now() - TRY_ENDS_AFTER_MILLISECONDS;
    const open = await this.#ports.tries.readOpen(key, batch);
    const deaths = (begun: readonly number[]): number => begun.filter((at) => at <= latest).length;
    return new Set([...open].filter(([, begun]) => deaths(begun) >= DEADLY_TRIES).map(([tried]) => tried));
  }

  /**
   * Rejects as `effect` does, or if there is not the time for a try, or if one of this worker's can't be taken back.
   */
  async tryAlone(place: TryKey, deadline: Deadline, effect: () => Promise<void>): Promise<void> {
    if (deadline.remainingMilliseconds() < TRY_RESERVE_MILLISECONDS) throw new OutOfTimeError();
    await this.#pay(deadline);
    const { tries, clock } = this.#ports;
    try {
      await tries.begin(place.key, place.batch, place.tried, clock.now());
      await effect();
    } finally {
      // Also after a beginning that failed: it may have been noted all the same.
      await this.#takeBack(place, deadline);
    }
  }

  async #pay(deadline: Deadline): Promise<void> {
    for (const place of this.#owed.values()) await this.#takeBack(place, deadline);
  }

  async #takeBack(place: TryKey, deadline: Deadline): Promise<void> {
    const { key, batch, tried } = place;
    const id = [key.tenant, key.runId, batch, tried].join('/');
    this.#owed.set(id, place);
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

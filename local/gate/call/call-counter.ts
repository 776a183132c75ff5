/** How often one caller used one operation. */
export interface CallCount {
  /** The access key id that the call was signed with; `anonymous` without one. */
  readonly caller: string;
  readonly service: string;
  readonly operation: string;
  readonly calls: number;
  /** Of these, answered with a status of 400 or more: refused, or failed. */
  readonly refused: number;
  /** When the last one came, in milliseconds since the epoch. */
  readonly lastAt: number;
  /**
   * DynamoDB units, if they are counted: a strongly consistent read of 4 KB is one, an eventually consistent one a
   * half.
   */
  readonly readUnits: number;
  readonly writeUnits: number;
}

type Tally = { -readonly [Key in keyof CallCount]: CallCount[Key] };

export class CallCounter {
  readonly #tallies = new Map<string, Tally>();

  /** Counts one call; its outcome is added to the tally that comes back. */
  add(caller: string, service: string, operation: string): Tally {
    const key = `${caller}\n${service}\n${operation}`;
    let tally = this.#tallies.get(key);
    if (!tally) {
      tally = { caller, service, operation, calls: 0, refused: 0, lastAt: 0, readUnits: 0, writeUnits: 0 };
      this.#tallies.set(key, tally);
    }
    tally.calls++;
    tally.lastAt = Date.now();
    return tally;
  }

  counts(): readonly CallCount[] {
    return [...this.#tallies.values()];
  }

  reset(): void {
    this.#tallies.clear();
  }
}

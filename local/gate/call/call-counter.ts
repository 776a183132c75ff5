/** How often one caller called one operation. */
export interface CallCount {
  /** The access key id of the signature; `anonymous` without one. */
  readonly caller: string;
  readonly service: string;
  readonly operation: string;
  readonly calls: number;
  /** How many of these calls got a response with a status of 400 or more. */
  readonly refused: number;
  /** The time of the last call, in milliseconds since the epoch. */
  readonly lastAt: number;
  /**
   * DynamoDB units, if they are counted. A strongly consistent read of 4 KB is one unit, an eventually consistent one
   * half a unit.
   */
  readonly readUnits: number;
  readonly writeUnits: number;
}

type Tally = { -readonly [Key in keyof CallCount]: CallCount[Key] };

export class CallCounter {
  readonly #tallies = new Map<string, Tally>();

  /** Counts one call and returns the tally, to which the gate adds the outcome. */
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

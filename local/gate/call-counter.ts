/** How often one caller used one operation. */
export interface CallCount {
  /** The access key id that the call was signed with; `anonymous` without one. */
  readonly caller: string;
  readonly service: string;
  readonly operation: string;
  readonly calls: number;
  /** Of these, answered with a status of 400 or more: refused, or failed. */
  readonly refused: number;
  /** DynamoDB write units, if they are counted. */
  readonly writeUnits: number;
}

type Tally = { -readonly [Key in keyof CallCount]: CallCount[Key] };

export class CallCounter {
  readonly #tallies = new Map<string, Tally>();

  /** Counts one call; its outcome is added to the tally that comes back. */
  add(caller: string, service: string, operation: string): Tally {
    const key = `${caller}\n${service}\n${operation}`;
    let tally = this.#tallies.get(key);
    if (!tally) this.#tallies.set(key, (tally = { caller, service, operation, calls: 0, refused: 0, writeUnits: 0 }));
    tally.calls++;
    return tally;
  }

  counts(): readonly CallCount[] {
    return [...this.#tallies.values()];
  }

  reset(): void {
    this.#tallies.clear();
  }
}

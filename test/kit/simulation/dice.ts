/**
 * Makes every choice of a simulated history from one stream of whole numbers. The same stream gives the same history.
 */
export class Dice {
  readonly #numbers: Iterator<number>;

  constructor(numbers: Iterable<number>) {
    this.#numbers = numbers[Symbol.iterator]();
  }

  /** Returns a whole number from 0 to `sides` − 1. */
  roll(sides: number): number {
    const { value } = this.#numbers.next();
    return (value ?? 0) % sides;
  }

  /** An impossible choice takes no number, so that switching a fault off leaves the rest of a history unchanged. */
  chance(percent: number): boolean {
    return percent > 0 && this.roll(1_000) < percent * 10;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.roll(values.length)]!;
  }
}

/** Generates the endless stream of a seed (mulberry32). */
export function* numbersOf(seed: number): Generator<number> {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  for (;;) {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    yield (mixed ^ (mixed >>> 14)) >>> 0;
  }
}

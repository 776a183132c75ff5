/** Every choice of a simulated history, drawn from one stream of whole numbers: the same stream gives the same history. */
export class Dice {
  readonly #numbers: Iterator<number>;

  constructor(numbers: Iterable<number>) {
    this.#numbers = numbers[Symbol.iterator]();
  }

  /** A whole number from 0 to `sides` − 1. */
  roll(sides: number): number {
    const { value } = this.#numbers.next();
    return (value ?? 0) % sides;
  }

  chance(percent: number): boolean {
    return this.roll(100) < percent;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.roll(values.length)]!;
  }
}

import { describe, expect, it } from '@jest/globals';
import { rotate } from './rotate.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, number) => number);
/** A minute of the year 2026, counted from 1970. */
const ROUND = 29_500_000;

describe('rotating a list', () => {
  it.each([0, 1, 2, 1_201])('keeps all %i values in every round', (count) => {
    for (const round of [0, 1, 2, ROUND]) {
      expect(rotate(numbers(count), round).toSorted((a, b) => a - b)).toEqual(numbers(count));
    }
  });

  it.each([
    [1_201, 1_000],
    [10_000, 1_000],
    [10_000, 100],
    [997, 1],
  ])('brings each of %i values soon to a caller that has the time for %i in a round', (count, reach) => {
    const missed = new Set(numbers(count));
    const rounds = Math.ceil((3 * count) / reach);
    for (let round = ROUND; round < ROUND + rounds; round += 1) {
      for (const value of rotate(numbers(count), round).slice(0, reach)) missed.delete(value);
    }
    expect([...missed]).toEqual([]);
  });
});

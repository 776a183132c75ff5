import { describe, expect, it } from '@jest/globals';
import { median, quantile } from './statistics.ts';

describe('the median', () => {
  it.each([
    [[7], 7],
    [[100, 9, 20], 20],
    [[4, 1, 3, 2], 2.5],
  ])('of %j is %d', (samples, expected) => {
    expect(median(samples)).toBe(expected);
  });

  it('needs a sample', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('a quantile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it.each([
    [0.5, 50],
    [0.99, 99],
    [1, 100],
  ])('%d of 1 to 100 is %d', (share, expected) => {
    expect(quantile(hundred, share)).toBe(expected);
  });

  it.each([0, 1.1])('refuses the share %d', (share) => {
    expect(() => quantile(hundred, share)).toThrow(`No quantile ${share} of 100 samples`);
  });
});

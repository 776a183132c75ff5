import { describe, expect, it } from '@jest/globals';
import { lineOf, verdictOf, type Goal } from './goals.ts';

const goal: Goal = { name: 'share', limit: 0.75, wanted: 'at least', measured: 0.75 };

describe('a goal', () => {
  it.each([
    ['at least', 0.75, 'pass'],
    ['at least', 0.749, 'MISS'],
    ['at most', 0.75, 'pass'],
    ['at most', 0.751, 'MISS'],
  ] as const)('%s 0.75, measured %d: %s', (wanted, measured, verdict) => {
    expect(verdictOf({ ...goal, wanted, measured })).toBe(verdict);
  });

  it('that was not measured is neither passed nor missed', () => {
    expect(lineOf({ ...goal, measured: undefined })).toBe('not measured: share: - (at least 0.75)');
  });
});

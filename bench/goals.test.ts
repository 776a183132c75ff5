import { describe, expect, it } from '@jest/globals';
import { goalsOf, lineOf, verdictOf, type Goal } from './goals.ts';
import { exampleResult } from './result.example.ts';
import type { Asked } from './scope.ts';

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

const linesOf = (asked: Asked): readonly string[] => goalsOf(exampleResult(asked)).map(lineOf);

describe('the goals', () => {
  it('of a full run are all measured', () => {
    expect(linesOf({ full: true })).toEqual([
      'pass: rows/s over the textbook algorithm: 15.000 (at least 12)',
      'pass: share of the raw write ceiling: 0.900 (at least 0.75)',
      'pass: write units per row, in order: 1.010 (at most 1.05)',
      'MISS: write units per row, shuffled: 1.110 (at most 1.1)',
      'pass: dollars per million rows: 0.629 (at most 0.75)',
      'MISS: splitter memory, 1,000,000 over 10,000 rows: 1.198 (at most 1.1)',
      'pass: worker memory, 1,000,000 over 10,000 rows: 1.000 (at most 1.1)',
      'pass: rows/s, 1,000,000 over 100,000 rows: 1.000 (at least 0.9)',
      'pass: seconds from last row to COMPLETED: 0.500 (at most 1)',
      'MISS: p99 of GET /task-files/{id} in ms: 50.500 (at most 50)',
    ]);
  });

  it('that need large files are not measured with small ones', () => {
    const open = linesOf({ quick: true }).filter((line) => line.startsWith('not measured'));
    expect(open.map((line) => line.split(': ')[1])).toEqual([
      'rows/s over the textbook algorithm',
      'share of the raw write ceiling',
      'splitter memory, 1,000,000 over 10,000 rows',
      'worker memory, 1,000,000 over 10,000 rows',
      'rows/s, 1,000,000 over 100,000 rows',
      'p99 of GET /task-files/{id} in ms',
    ]);
  });
});

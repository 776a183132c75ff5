import { describe, expect, it } from '@jest/globals';
import { toGoals, toLine, toVerdict, type Goal } from './goals.ts';
import { makeExampleResult } from './result.example.ts';
import type { RequestedScope } from './scope.ts';

const goal: Goal = { name: 'share', limit: 0.75, wanted: 'at least', measured: 0.75 };

describe('a goal', () => {
  it.each([
    ['at least', 0.75, 'pass'],
    ['at least', 0.749, 'MISS'],
    ['at most', 0.75, 'pass'],
    ['at most', 0.751, 'MISS'],
  ] as const)('%s 0.75, measured %d: %s', (wanted, measured, verdict) => {
    expect(toVerdict({ ...goal, wanted, measured })).toBe(verdict);
  });

  it('without a measurement is neither passed nor missed', () => {
    expect(toLine({ ...goal, measured: undefined })).toBe('not measured: share: - (at least 0.75)');
  });
});

const toLines = (requested: RequestedScope): readonly string[] => toGoals(makeExampleResult(requested)).map(toLine);

describe('the goals', () => {
  it('are all measured in a full run', () => {
    expect(toLines({ full: true })).toEqual([
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

  it('for large files are not measured with small files', () => {
    const open = toLines({ quick: true }).filter((line) => line.startsWith('not measured'));
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

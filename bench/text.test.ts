import { expect, it } from '@jest/globals';
import { toGoals } from './goals.ts';
import { makeExampleResult } from './result.example.ts';
import { toText } from './text.ts';

it('the text contains the setting, every figure, and every goal', () => {
  const result = makeExampleResult({ full: true });
  const goals = toGoals(result);
  const lines = toText(result, goals).split('\n');
  // The test of the table checks the columns.
  expect(lines.map((line) => line.replaceAll(/ +/g, ' ').trim())).toEqual(
    expect.arrayContaining([
      'full, state in memory; cores 2',
      'rows of a message 25',
      'median samples',
      'project, 10,000 6,000 6,000',
      'project, 1,000,000 9,000 8,000 9,000 10,000',
      'textbook, 100,000 600 500 600 700',
      '100,000 0.50 0.0 0.0 1 1.0',
      'sns Publish 1.00000',
      'write units 1.01000 1.11000',
      'all 0.6290',
      'GET /task-files/{id} while a file runs, 100 times, 0 failed: p50 5.0 ms, p99 50.5 ms',
      'pass: write units per row, in order: 1.010 (at most 1.05)',
    ]),
  );
  expect(lines.slice(-goals.length).every((line) => /^(?:pass|MISS|not measured): /.test(line))).toBe(true);
});

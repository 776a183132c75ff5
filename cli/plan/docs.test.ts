import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { compare } from './compare.ts';
import { dollars, span } from './format.ts';

const SIZES = [1_000_000, 100_000_000, 10_000_000_000];
const ROWS = [
  'this project',
  'the textbook: one message, one put, one counter update per row',
  'Step Functions Distributed Map, Express children of 25 rows',
  'Step Functions Distributed Map, Standard children of 25 rows',
  'Step Functions Distributed Map, Express children of 250 rows',
];

const tables = readFileSync(join(import.meta.dirname, '../../docs/scale.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) =>
    line
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, -1),
  );

it.each(ROWS)('the page says of %s what the model says', (name) => {
  const ways = SIZES.map((rows) => compare({ rows, concurrency: 5 })[ROWS.indexOf(name)]!);
  expect(ways[0]!.plan.name.toLowerCase()).toBe(name.toLowerCase());
  expect(tables.filter(([cell]) => cell === name)).toEqual([
    [name, ...ways.map((way) => dollars(way.dollars))],
    [name, ...ways.map((way) => span(way.span.seconds))],
  ]);
});

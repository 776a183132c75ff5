import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { byService, dollarsOf } from './bill.ts';
import { compare } from './compare.ts';
import { dollars, span } from './format.ts';
import { idle, IDLE_OBJECTS } from './idle.ts';

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

it('docs/scale.md and the README have the sums of the model for idle days', () => {
  const idles = IDLE_OBJECTS.map(idle);
  const services = ['SQS', 'EventBridge', 'Lambda', 'DynamoDB', 'S3', 'X-Ray', 'CloudWatch'];
  expect(tables.filter(([cell]) => services.includes(cell!))).toEqual(
    services.map((service) => [
      service,
      expect.any(String),
      ...idles.map(({ lines }) => dollars(byService(lines).get(service)!)),
    ]),
  );
  const sums = idles.map((sum) => dollars(sum.dollars));
  expect(tables.filter(([cell]) => cell === 'sum')).toEqual([['sum', '', ...sums]]);
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
  expect(readme).toContain(`${sums[0]} in 30 days with an empty bucket and ${sums[1]} from 1,000 objects on`);
  expect(readme).toContain(`alarms cost ${dollars(dollarsOf(idles[0]!.alarms))} more`);
});

it.each(ROWS)('docs/scale.md has the figures of the model for %s', (name) => {
  const ways = SIZES.map((rows) => compare({ rows, concurrency: 5 })[ROWS.indexOf(name)]!);
  expect(ways[0]!.plan.name.toLowerCase()).toBe(name.toLowerCase());
  expect(tables.filter(([cell]) => cell === name)).toEqual([
    [name, ...ways.map((way) => dollars(way.dollars))],
    [name, ...ways.map((way) => span(way.span.seconds))],
  ]);
});

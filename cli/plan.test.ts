import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { estimateOf, estimates } from './plan/estimate.ts';
import { thisProject } from './plan/systems.ts';
import { textOf } from './plan/text.ts';

const NEW_TABLE = { concurrency: 5, writeUnits: 4_000 };

const plan = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(import.meta.dirname, 'plan.ts'), ...args], { encoding: 'utf8' });

describe('an estimate', () => {
  it('grows with the rows, and so does the time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 2, max: 100 }), (rows, times) => {
        const [few, many] = [estimates(rows, NEW_TABLE), estimates(rows * times, NEW_TABLE)];
        many.forEach(({ dollars, seconds, dollarsPerMillionRows }, index) => {
          expect(dollars / few[index]!.dollars).toBeCloseTo(times);
          expect(seconds / few[index]!.seconds).toBeCloseTo(times);
          expect(dollarsPerMillionRows).toBeCloseTo(few[index]!.dollarsPerMillionRows);
        });
      }),
    );
  });

  it('is the sum of its lines', () => {
    for (const { costs, dollars } of estimates(1_000_000, NEW_TABLE)) {
      expect(costs.reduce((sum, line) => sum + line.dollars, 0)).toBeCloseTo(dollars);
    }
  });

  it.each([
    ['the table, while it is new', NEW_TABLE, /write units a second of the table/],
    ['the workers, on a warm table', { concurrency: 5, writeUnits: 40_000 }, /5 workers at once/],
    ['the keys, with many workers', { concurrency: 1_000, writeUnits: 1_000_000 }, /16 partition keys/],
  ])('says what binds: %s', (_, setting, binds) => {
    expect(estimateOf(thisProject(setting), 1_000_000).limits[0]?.what).toMatch(binds);
  });

  it('of this project keeps to the goal of 0.75 dollars per million rows', () => {
    expect(estimateOf(thisProject(NEW_TABLE), 1_000_000).dollarsPerMillionRows).toBeLessThanOrEqual(0.75);
  });

  it('is printed line by line', () => {
    const lines = textOf(estimateOf(thisProject(NEW_TABLE), 10_000_000), 10_000_000).split('\n');
    expect(lines[0]).toBe('This project: 10,000,000 rows');
    expect(lines[1]).toMatch(/^ +10,050,000 tableWriteUnits × \$0.625\/million += +\$6.28   an item for each row/);
    expect(lines).toContainEqual(expect.stringMatching(/^ +sum \$6.37, \$0.6374 per million rows$/));
    expect(lines).toContainEqual(
      expect.stringMatching(/^ +3,980 rows\/s by 4000 write units .* — binds; warm the table/),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^ +time 41.9 min$/));
  });
});

describe('npm run plan', () => {
  it('prints every system, and what the figures stand on', () => {
    const { stdout, status } = plan('--rows', '1000000');
    expect(status).toBe(0);
    for (const text of ['This project', 'Textbook', 'standard children', 'express children', 'us-east-1 as of'])
      expect(stdout).toContain(text);
  });

  it('prints JSON', () => {
    const { stdout } = plan('--rows', '1000000', '--concurrency', '50', '--json');
    expect(JSON.parse(stdout)).toEqual(
      JSON.parse(JSON.stringify(estimates(1_000_000, { ...NEW_TABLE, concurrency: 50 }))),
    );
  });

  it.each([
    [[], /required option '--rows <number>'/],
    [['--rows', '1e3'], /'1e3' is invalid. It takes a whole number from 1 to 1000000000000/],
    [['--rows', '0'], /from 1 to/],
    [['--rows', '10', '--concurrency', '1001'], /from 2 to 1000/],
    [['--rows', '10', '--write-units', '-1'], /'-1' is invalid/],
    [['--rows', '10', '--yaml'], /unknown option '--yaml'/],
  ])('refuses %j in one sentence, with exit code 2', (args, sentence) => {
    const { status, stderr, stdout } = plan(...args);
    expect([status, stdout, stderr.trimEnd().split('\n')]).toEqual([2, '', [expect.stringMatching(sentence)]]);
  });
});

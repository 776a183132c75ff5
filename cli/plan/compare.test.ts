import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compare, GOAL_PER_MILLION } from './compare.ts';
import { isUnchecked } from './figure.ts';
import { prices } from './prices.ts';
import { quotas } from './quotas.ts';

const someRows = fc.integer({ min: 1, max: 1_000_000_000 });
const someConcurrency = fc.integer({ min: 2, max: 1_000 });

const boundOf = (rows: number, concurrency: number): readonly string[] =>
  compare({ rows, concurrency }).map(({ span }) => span.binding.name);

describe('the dollars', () => {
  it('are proportional to the rows, regardless of the concurrency', () => {
    fc.assert(
      fc.property(someRows, someConcurrency, fc.integer({ min: 2, max: 1_000 }), (rows, concurrency, times) => {
        const [once, often] = [compare({ rows, concurrency: 5 }), compare({ rows: rows * times, concurrency })];
        once.forEach(({ dollars }, way) => expect(often[way]!.dollars / (dollars * times)).toBeCloseTo(1, 9));
      }),
    );
  });

  it('meet the goal of the design, and are the lowest of all ways', () => {
    const [project, ...others] = compare({ rows: 1_000_000, concurrency: 5 });
    expect(project.perMillion).toBeLessThanOrEqual(GOAL_PER_MILLION);
    for (const other of others) expect(other.perMillion).toBeGreaterThan(project.perMillion);
  });

  it('are mostly those of the row items', () => {
    const [project] = compare({ rows: 1_000_000, concurrency: 5 });
    expect(project.services.get('DynamoDB')! / project.dollars).toBeGreaterThan(0.9);
  });
});

describe('the time', () => {
  it('is never shorter for more rows, and never longer for more workers', () => {
    fc.assert(
      fc.property(someRows, someConcurrency, fc.integer({ min: 0, max: 1_000_000 }), (rows, concurrency, more) => {
        const seconds = (load: { rows: number; concurrency: number }): readonly number[] =>
          compare(load).map(({ span }) => span.seconds);
        const times = seconds({ rows, concurrency });
        const [longer, wider] = [seconds({ rows: rows + more, concurrency }), seconds({ rows, concurrency: 1_000 })];
        times.forEach((time, way) => {
          expect(longer[way]).toBeGreaterThanOrEqual(time);
          expect(wider[way]).toBeLessThanOrEqual(time * (1 + 1e-9));
        });
      }),
    );
  });

  it.each([
    [1_000_000, 5, 'a new on-demand table'],
    [100_000_000, 5, 'maximum concurrency of the mapping'],
    [100_000_000, 100, 'a new on-demand table'],
    [10_000_000_000, 5, 'maximum concurrency of the mapping'],
    [10_000_000_000, 100, 'partition keys of the Tasks table'],
  ])('of %d rows with %d workers is bound by %s', (rows, concurrency, name) => {
    expect(boundOf(rows, concurrency)[0]).toBe(name);
  });

  it('of the textbook is bound by its counter, however many workers there are', () => {
    expect(boundOf(100_000_000, 1_000)[1]).toBe('the counter, one item');
  });

  it('names the number of Map Runs that a file beyond the items of one needs', () => {
    const notes = (rows: number): string => compare({ rows, concurrency: 5 })[2]!.plan.notes.join(' ');
    expect(notes(100_000_000)).not.toContain('Map Runs');
    expect(notes(100_000_001)).toContain('Needs 2 Map Runs');
  });
});

it('every figure has a source, and a day if it was checked', () => {
  for (const figure of [...Object.values(prices), ...Object.values(quotas)]) {
    expect(figure.source).toMatch(/^https:\/\//);
    if (!isUnchecked(figure)) expect(figure.checked).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(figure.value).toBeGreaterThan(0);
  }
});

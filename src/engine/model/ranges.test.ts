import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { add, coversThrough, includes, type Ranges } from './ranges.ts';

const collect = (values: readonly number[]): Ranges => values.reduce<Ranges>(add, []);

/** Lists the values of the ranges. */
const spread = (ranges: Ranges): number[] =>
  ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, step) => first + step));

const someValues = fc.array(fc.nat({ max: 30 }), { maxLength: 30 });

describe('ranges', () => {
  it('have exactly the added values, in any order, however often each is added', () => {
    fc.assert(
      fc.property(someValues, (values) => {
        const model = new Set(values);
        const ranges = collect(values);
        expect(spread(ranges)).toEqual([...model].toSorted((a, b) => a - b));
        for (let value = -1; value <= 31; value += 1) expect(includes(ranges, value)).toBe(model.has(value));
      }),
    );
  });

  it('are as few as possible: sorted, disjoint, and never adjacent', () => {
    fc.assert(
      fc.property(someValues, (values) => {
        const ranges = collect(values);
        ranges.forEach(([first, last], index) => {
          expect(first).toBeLessThanOrEqual(last);
          if (index > 0) expect(first).toBeGreaterThan(ranges[index - 1]![1] + 1);
        });
      }),
    );
  });

  it('cover the first values if these are in the set, and no others', () => {
    fc.assert(
      fc.property(someValues, fc.nat({ max: 5 }), (values, count) => {
        const model = new Set(values);
        const isExact = model.size === count && [...model].every((value) => value < count);
        // Every set covers 0 values: none is missing.
        expect(coversThrough(collect(values), count)).toBe(count === 0 || isExact);
      }),
    );
  });

  it('are not changed when a value is added', () => {
    const before: Ranges = [[0, 1]];
    expect(add(before, 2)).toEqual([[0, 2]]);
    expect(before).toEqual([[0, 1]]);
  });
});

import { expect, it } from '@jest/globals';
import { spanOf, type Bound } from './time.ts';

const steady: Bound = { name: 'steady', rowsPerSecond: 100, why: 'so it is' };
const growing: Bound = { name: 'growing', rowsPerSecond: 10, growsTo: 1_000, why: 'it doubles' };
const PERIOD = 60;

const spanNamed = (rows: number, bounds: readonly [Bound, ...Bound[]]) => {
  const { seconds, binding, bindsFor } = spanOf(rows, bounds, PERIOD);
  return { seconds, binding: binding.name, bindsFor: Array.from(bindsFor, ([{ name }, time]) => [name, time]) };
};

it('has the speed of the lowest bound', () => {
  const lower: Bound = { ...steady, name: 'lower', rowsPerSecond: 50 };
  expect(spanNamed(1_000, [steady, lower])).toEqual({ seconds: 20, binding: 'lower', bindsFor: [['lower', 20]] });
});

it('doubles a growing bound with each period', () => {
  // 600 rows in the first minute, then 20 a second.
  expect(spanNamed(1_000, [growing, steady])).toEqual({ seconds: 80, binding: 'growing', bindsFor: [['growing', 80]] });
});

it('has the speed of the other bound once the first has grown past it', () => {
  // 10, 20, 40 and 80 a second for a minute each are 9,000 rows.
  expect(spanNamed(9_000 + 50_000, [growing, steady])).toEqual({
    seconds: 740,
    binding: 'steady',
    bindsFor: [
      ['growing', 240],
      ['steady', 500],
    ],
  });
});

it('may end exactly with a period', () => {
  expect(spanNamed(600, [growing])).toMatchObject({ seconds: 60 });
});

it('stops growing at its limit', () => {
  const capped: Bound = { ...growing, growsTo: 15 };
  expect(spanNamed(600 + 15_000, [capped])).toMatchObject({ seconds: 60 + 1_000 });
});

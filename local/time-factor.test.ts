import { expect, it } from '@jest/globals';
import { timeFactor } from './time-factor.ts';

it('is three unless it is set', () => {
  expect([{}, { TIME_FACTOR: '' }, { TIME_FACTOR: '1' }, { TIME_FACTOR: '12.5' }].map(timeFactor)).toEqual([
    3, 3, 1, 12.5,
  ]);
});

it.each(['0', '0.5', '-3', '1001', 'slow', '3x'])('is refused as "%s", and what is allowed is told', (text) => {
  expect(() => timeFactor({ TIME_FACTOR: text })).toThrow(`TIME_FACTOR="${text}": how many times as long as on AWS`);
});

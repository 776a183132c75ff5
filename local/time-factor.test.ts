import { expect, it } from '@jest/globals';
import { timeFactor } from './time-factor.ts';

it('is three if the variable is not set', () => {
  expect([{}, { TIME_FACTOR: '' }, { TIME_FACTOR: '1' }, { TIME_FACTOR: '12.5' }].map(timeFactor)).toEqual([
    3, 3, 1, 12.5,
  ]);
});

it.each(['0', '0.5', '-3', '1001', 'slow', '3x'])('refuses "%s" and says what is allowed', (text) => {
  expect(() => timeFactor({ TIME_FACTOR: text })).toThrow(`TIME_FACTOR is "${text}". Allowed: 1 to 1000`);
});

import { expect, it } from '@jest/globals';
import { duration } from './format.ts';

it.each([
  [0.4211, '0.42 s'],
  [12.34, '12.3 s'],
  [119.7, '2 min 0 s'],
  [3_725, '62 min 5 s'],
])('writes %d seconds as %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

import { expect, it } from '@jest/globals';
import { count, dollars, span } from './format.ts';

it.each([
  [4.2, '4.2 s'],
  [99, '99 s'],
  [2_154, '36 min'],
  [9_910, '2 h 45 min'],
  [48 * 3_600, '2.0 days'],
])('writes %d seconds as %s', (seconds, text) => {
  expect(span(seconds)).toBe(text);
});

it.each([
  [0, '$0.00'],
  [0.0031, '$0.0031'],
  [0.125, '$0.13'],
  [1_234.5, '$1,234.50'],
])('writes %d dollars as %s', (value, text) => {
  expect(dollars(value)).toBe(text);
});

it.each([
  [0.069444, '0.0694'],
  [12_345.6, '12,346'],
])('writes the number %d as %s', (value, text) => {
  expect(count(value)).toBe(text);
});

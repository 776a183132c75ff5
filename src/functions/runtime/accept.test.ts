import { expect, it } from '@jest/globals';
import { negotiateType } from './accept.ts';

const TYPES = ['application/json', 'text/csv'] as const;

it.each([
  [undefined, 'application/json'],
  ['', 'application/json'],
  ['*/*', 'application/json'],
  ['text/html', 'application/json'],
  ['application/json', 'application/json'],
  ['application/json, text/csv;q=0.1', 'application/json'],
  ['application/json;q=0.9, */*;q=0.8', 'application/json'],
  ['text/csv;q=0', 'application/json'],
  ['text/csv', 'text/csv'],
  ['TEXT/CSV; charset=UTF-8', 'text/csv'],
  ['application/json; charset=utf-8, text/csv;q=0.5', 'application/json'],
  ['text/*', 'text/csv'],
  ['text/csv, */*;q=0.8', 'text/csv'],
  ['application/json;q=0.5, text/csv', 'text/csv'],
  ['application/json;q=0, */*', 'text/csv'],
])('Accept: %s prefers %s', (accept, type) => {
  expect(negotiateType(accept, TYPES)).toBe(type);
});

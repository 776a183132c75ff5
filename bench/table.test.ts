import { expect, it } from '@jest/globals';
import { toTable } from './table.ts';

it('a table has its names on the left and its figures on the right', () => {
  expect(
    toTable({ project: { median: '9,000', samples: '8,000  9,000' }, book: { median: '70' } }).split('\n'),
  ).toEqual(['           median       samples', '  project   9,000  8,000  9,000', '  book         70']);
});

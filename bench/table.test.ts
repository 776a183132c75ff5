import { expect, it } from '@jest/globals';
import { table } from './table.ts';

it('a table has its names to the left and its figures to the right', () => {
  expect(table({ project: { median: '9,000', samples: '8,000  9,000' }, book: { median: '70' } }).split('\n')).toEqual([
    '           median       samples',
    '  project   9,000  8,000  9,000',
    '  book         70',
  ]);
});

import { expect, it } from '@jest/globals';
import { csv, rows } from '../test/e2e/support/csv.ts';
import { fileOf } from './file.ts';

it.each([1, 10_000, 10_001, 25_000])('a file of %d rows is the one that is made at once', async (count) => {
  expect(await fileOf(count).text()).toBe(csv(rows(count)));
});

import { expect, it } from '@jest/globals';
import { csv, rows } from '../test/e2e/support/csv.ts';
import { makeFile } from './file.ts';

it.each([1, 10_000, 10_001, 25_000])('a file of %d rows equals one that is made in one piece', async (count) => {
  expect(await makeFile(count).text()).toBe(csv(rows(count)));
});

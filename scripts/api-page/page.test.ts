import { expect, it } from '@jest/globals';
import { readPage, writePage } from './page.ts';

it('docs/api.md has the routes and codes of src/contract; if not, `npm run docs` writes them', async () => {
  const page = await readPage();
  expect(page).toBe(await writePage(page));
});

it('a docs/api.md without the markers of a table is refused', async () => {
  const page = await readPage();
  await expect(writePage(page.replace('<!-- end of rows -->', ''))).rejects.toThrow('"<!-- end of rows -->"');
});

import { expect, it } from '@jest/globals';
import { readPage, writtenPage } from './page.ts';

it('docs/api.md has the routes and codes of src/contract; if not, `npm run docs` writes them', async () => {
  const page = await readPage();
  expect(page).toBe(await writtenPage(page));
});

it('docs/api.md that lacks a place for a table is told so', async () => {
  const page = await readPage();
  await expect(writtenPage(page.replace('<!-- end of rows -->', ''))).rejects.toThrow('"<!-- end of rows -->"');
});

// `npm run docs`: writes the tables of docs/api.md from src/contract.
import { writeFile } from 'node:fs/promises';
import { PAGE, readPage, writePage } from './api-page/page.ts';

const page = await readPage();
const written = await writePage(page);
if (written === page) console.log('docs/api.md is up to date.');
else {
  await writeFile(PAGE, written);
  console.log('docs/api.md is updated.');
}

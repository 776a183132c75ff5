import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { codesTable, problemsTable } from './codes-table.ts';
import { routesTable } from './routes-table.ts';

export const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'api.md');

/** The parts of the page that are written from the contract; everything else in it is written by hand. */
const PARTS: Readonly<Record<string, () => string>> = {
  routes: routesTable,
  problems: problemsTable,
  rows: () => codesTable('row'),
  files: () => codesTable('file'),
  redrives: () => codesTable('redrive'),
  warnings: () => codesTable('warning'),
  findings: () => codesTable('finding'),
};

const startOf = (part: string): string => `<!-- ${part}: \`npm run docs\` writes this table from src/contract. -->`;
const endOf = (part: string): string => `<!-- end of ${part} -->`;

export const readPage = (): Promise<string> => readFile(PAGE, 'utf8');

/** The page as it has to be: with the parts that follow from the contract, formatted. */
export async function writtenPage(page: string): Promise<string> {
  const written = Object.entries(PARTS).reduce((text, [part, write]) => withPart(text, part, write()), page);
  return format(written, { ...(await resolveConfig(PAGE)), filepath: PAGE });
}

function withPart(page: string, part: string, text: string): string {
  const [start, end] = [startOf(part), endOf(part)];
  const [before, rest, ...more] = page.split(start);
  const [old, after, ...others] = rest?.split(end) ?? [];
  if (before === undefined || old === undefined || after === undefined || more.length + others.length > 0)
    throw new Error(
      `docs/api.md must have "${start}" and "${end}" behind it, each once; add them where the table belongs.`,
    );
  return `${before}${start}\n\n${text}\n\n${end}${after}`;
}

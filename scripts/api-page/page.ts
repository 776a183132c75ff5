import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { writeCodesTable, writeProblemsTable } from './codes-table.ts';
import { writeRoutesTable } from './routes-table.ts';

export const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'api.md');

/** The parts of the page that are written from the contract. The rest of the page is written by hand. */
const PARTS: Readonly<Record<string, () => string>> = {
  routes: writeRoutesTable,
  problems: writeProblemsTable,
  rows: () => writeCodesTable('row'),
  files: () => writeCodesTable('file'),
  redrives: () => writeCodesTable('redrive'),
  warnings: () => writeCodesTable('warning'),
  findings: () => writeCodesTable('finding'),
};

const startOf = (part: string): string => `<!-- ${part}: \`npm run docs\` writes this table from src/contract. -->`;
const endOf = (part: string): string => `<!-- end of ${part} -->`;

export const readPage = (): Promise<string> => readFile(PAGE, 'utf8');

/** Returns the page with the parts that follow from the contract, formatted. */
export async function writePage(page: string): Promise<string> {
  const written = Object.entries(PARTS).reduce((text, [part, write]) => replacePart(text, part, write()), page);
  return format(written, { ...(await resolveConfig(PAGE)), filepath: PAGE });
}

function replacePart(page: string, part: string, text: string): string {
  const [start, end] = [startOf(part), endOf(part)];
  const [before, rest, ...more] = page.split(start);
  const [old, after, ...others] = rest?.split(end) ?? [];
  if (before === undefined || old === undefined || after === undefined || more.length + others.length > 0)
    throw new Error(
      `docs/api.md must have "${start}" and "${end}" after it, each once. Add them where the table belongs.`,
    );
  return `${before}${start}\n\n${text}\n\n${end}${after}`;
}

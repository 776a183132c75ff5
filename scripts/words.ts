// Checks the words of pages and sources, of the repository or of the given folder, against law/words.ts.
// law/unedited.json lists by file which findings still pass. The list only shrinks: an entry that is no longer needed
// fails the check, and `npm run words -- --prune` removes it.
import { existsSync } from 'node:fs';
import { glob, readFile, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { format } from 'prettier';
import { readPageProse, readSourceProse } from './law/prose.ts';
import { findWords, type Finding } from './law/wording.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { prune: { type: 'boolean' } } });
const root = positionals[0] ?? join(import.meta.dirname, '..');
const list = join(root, 'scripts/law/unedited.json');

/** The files to check. The changelog is left out: it is history, and keeps the words of its time. */
const READ = [
  'SECURITY.md',
  'CODE_OF_CONDUCT.md',
  'README.md',
  'CONTRIBUTING.md',
  'docs/**/*.md',
  '{src,local,infra,client,cli,test,scripts,bench}/**/*.{ts,mts,mjs,js}',
];

/** The files that name the words in order to refuse them. */
const RULES = new Set(['docs/glossary.md', 'docs/style.md', 'scripts/law/words.ts', 'test/law/words.test.ts']);

type Exceptions = Readonly<Record<string, readonly string[]>>;

async function checkFile(file: string): Promise<readonly Finding[]> {
  const source = await readFile(join(root, file), 'utf8');
  return findWords(source, await (file.endsWith('.md') ? readPageProse(source) : readSourceProse(source)));
}

const readExceptions = async (): Promise<Exceptions> =>
  existsSync(list) ? (JSON.parse(await readFile(list, 'utf8')) as Exceptions) : {};

const paths = (await Array.fromAsync(glob(READ, { cwd: root }))).map((path) => path.split(sep).join('/'));
const files = paths.filter((path) => !RULES.has(path)).toSorted();
const exceptions = await readExceptions();
const needed: Record<string, readonly string[]> = {};
const violations: string[] = [];

for (const file of files) {
  const findings = await checkFile(file);
  const excepted = exceptions[file] ?? [];
  const used = excepted.filter((not) => findings.some((finding) => finding.not === not));
  if (used.length > 0) needed[file] = used;
  for (const { line, not, found, say } of findings) {
    if (!excepted.includes(not)) violations.push(`${file}:${line} ${not}: "${found}". Say: ${say}.`);
  }
}

if (values.prune) {
  await writeFile(list, await format(JSON.stringify(needed, undefined, 1), { parser: 'json', printWidth: 120 }));
} else {
  for (const [file, nots] of Object.entries(exceptions)) {
    for (const not of nots.filter((name) => !needed[file]?.includes(name))) {
      violations.push(`${file} no longer needs the exception "${not}": npm run words -- --prune removes it.`);
    }
  }
}

for (const violation of violations) console.error(violation);
const left = Object.keys(needed).length;
console.error(`Words: ${files.length} files, ${violations.length} violations, ${left} files with exceptions.`);
process.exitCode = violations.length === 0 ? 0 : 1;

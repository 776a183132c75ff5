import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PHRASES, SYNONYMS, type Term } from '../../scripts/law/words.ts';
import { plant, root, runWords } from './planted.ts';

const rowsOf = (page: string): readonly (readonly string[])[] =>
  readFileSync(join(root, page), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| --'))
    .slice(1)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

const pairs = (terms: readonly Term[]): readonly string[] => terms.map(({ not, say }) => `${not} → ${say}`).toSorted();

const violations: readonly [description: string, file: string, source: string, verdict: string][] = [
  ['a page uses a phrase', 'docs/x.md', 'The sweep sends it anew.', 'docs/x.md:1 anew: "anew". Say: again.'],
  ['a phrase runs over a line end', 'README.md', 'One.\n\nIt came\nto nothing.', 'README.md:3 comes to: "came to"'],
  ['a diagram uses a word', 'docs/x.md', '```mermaid\nactor x as a person\n```', 'docs/x.md:2 person'],
  ['a link hides a word', 'docs/x.md', '[sent anew](x.md)', 'docs/x.md:1 anew'],
  ['a comment uses a word', 'src/x.ts', 'const x = 1; // sent anew', 'src/x.ts:1 anew'],
  ['a phrase runs over two comments', 'src/x.ts', '// it comes\n// to nothing\n', 'src/x.ts:1 comes to: "comes to"'],
  ['a doc comment breaks a phrase', 'src/x.ts', '/**\n * It comes\n * to 1.\n */\n', 'src/x.ts:2 comes to'],
  ['a string uses a word', 'cli/x.ts', 'export const x = `${1} sent anew`;', 'cli/x.ts:1 anew'],
  ['an identifier has a word', 'local/x.ts', 'export const lateAnswer = 1;', 'local/x.ts:1 answer: "lateAnswer"'],
  [
    'a private name has a word',
    'client/x.ts',
    'class X { #PROMISED_MAX = 1; }',
    'promise, promised file: "PROMISED_MAX"',
  ],
  ['a comment is too long', 'infra/x.ts', `// ${'x'.repeat(120)}\n`, 'infra/x.ts:1 wide comment: "123 columns"'],
];

describe('npm run words', () => {
  it('passes on this repository', () => {
    expect(runWords(root)).toEqual({ exitCode: 0, output: expect.stringMatching(/ 0 violations/) });
  });

  it.each(violations)('fails if %s', async (_description, file, source, verdict) => {
    await using planted = await plant({ [file]: source });
    const { exitCode, output } = runWords(planted.folder);
    expect(output).toContain(verdict);
    expect(exitCode).toBe(1);
  });

  it('ignores code, addresses and the names of the platform', async () => {
    await using planted = await plant({
      'docs/x.md': 'Run `anew` at [this](http://x/whoever.html).\n\n```sh\nanew nobody\n```\n',
      'docs/glossary.md': 'nobody',
      'src/x.ts': `// https://example.org/${'x'.repeat(120)}\nexport const x = Promise.all([/anew/]); const come = to;\n`,
      'src/y.ts': `export const x = ['it comes', 'to'].map((y) => y);\n`,
    });
    expect(runWords(planted.folder)).toEqual({ exitCode: 0, output: expect.stringMatching(/3 files, 0 violations/) });
  });

  it('lets a listed file pass until the file is clean', async () => {
    const unedited = JSON.stringify({ 'src/x.ts': ['anew'] });
    await using before = await plant({ 'src/x.ts': '// anew', 'scripts/law/unedited.json': unedited });
    expect(runWords(before.folder).exitCode).toBe(0);
    await using after = await plant({ 'src/x.ts': '// again', 'scripts/law/unedited.json': unedited });
    expect(runWords(after.folder)).toEqual({
      exitCode: 1,
      output: expect.stringContaining('src/x.ts no longer needs the exception "anew"'),
    });
  });

  it('refuses exactly the words of the glossary and of the style page', () => {
    const glossary = rowsOf('docs/glossary.md').filter(([, , replaced]) => replaced !== '');
    expect(pairs(SYNONYMS)).toEqual(pairs(glossary.map(([say = '', , not = '']) => ({ not, say }))));
    expect(pairs(PHRASES)).toEqual(pairs(rowsOf('docs/style.md').map(([not = '', say = '']) => ({ not, say }))));
  });

  it('finds the glossary sorted', () => {
    const listed = rowsOf('docs/glossary.md').map(([word = '']) => word);
    expect(listed).toEqual(listed.toSorted());
  });
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

const demo = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(import.meta.dirname, 'demo.ts'), ...args], { encoding: 'utf8' });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'demo-'));
  writeFileSync(join(folder, 'book.xlsx'), Buffer.from('PK\x03\x04\x14\0', 'latin1'));
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each<[what: string, args: readonly string[], sentence: RegExp]>([
  [
    'a file that is not there',
    ['no-such-file.csv'],
    /^There is no file .*no-such-file\.csv\. Give the path of a CSV file/,
  ],
  ['a folder', [tmpdir()], /is a folder or a device\. Give the path of a CSV file/],
  ['an unknown option', ['--yaml'], /unknown option '--yaml'/],
  ['an unknown time zone', ['--time-zone', 'Berlin'], /^--time-zone: must be a name of the IANA .* Europe\/Berlin/],
  ['an unknown encoding', ['--encoding', 'ebcdic'], /^--encoding: must be one of utf-8, /],
  ['another delimiter', ['--delimiter', '/'], /^--delimiter: must be one of , ; \| and tab/],
  ['no word for empty cells', ['--null-words', ''], /^--null-words: must not be empty/],
  ['a fix file that exists', ['--fix-file', import.meta.filename], /demo\.test\.ts exists already\. Name a new file/],
  ['two files', ['a.csv', 'b.csv'], /too many arguments/],
])('refuses %s in one sentence, with exit code 2', (_what, args, sentence) => {
  const { status, stdout, stderr } = demo(...args);
  expect(stderr).toMatch(sentence);
  expect([status, stdout, stderr.trimEnd().split('\n')]).toEqual([2, '', [expect.any(String)]]);
});

it('refuses a workbook before it starts anything', () => {
  const { status, stdout, stderr } = demo(join(folder, 'book.xlsx'));
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^\S+book\.xlsx is a workbook .*, not text\. Save the sheet as CSV/);
});

it('has a help text', () => {
  expect(demo('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--json') });
});

import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const demo = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(import.meta.dirname, 'demo.ts'), ...args], { encoding: 'utf8' });

it.each([
  [
    'a file that is not there',
    ['no-such-file.csv'],
    /^There is no file .*no-such-file\.csv; give the path of a CSV file/,
  ],
  ['a folder', [tmpdir()], /is a folder or a device; give the path of a CSV file/],
  ['an unknown option', ['--yaml'], /unknown option '--yaml'/],
  ['two files', ['a.csv', 'b.csv'], /too many arguments/],
])('refuses %s in one sentence, with exit code 2', (_what, args, sentence) => {
  const { status, stdout, stderr } = demo(...args);
  expect(stderr).toMatch(sentence);
  expect([status, stdout, stderr.trimEnd().split('\n')]).toEqual([2, '', [expect.any(String)]]);
});

it('explains itself', () => {
  expect(demo('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--json') });
});

import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { root } from './planted.ts';

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

it('npm run test:unit -- FOLDER runs all unit tests of that folder, and no others', () => {
  const args = ['run', '--silent', 'test:unit', '--', 'src/contract', '--listTests'];
  const { stdout, status } = spawnSync('npm', args, { cwd: root, encoding: 'utf8' });
  const listed = stdout.split('\n').filter((line) => line.endsWith('.test.ts'));
  expect(status).toBe(0);
  expect(listed.toSorted()).toEqual(globSync(join(root, 'src/contract/**/*.test.ts')).toSorted());
});

it.each(['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md', { cwd: root })])(
  '%s names only commands that exist',
  (paper) => {
    const text = readFileSync(join(root, paper), 'utf8');
    const named = Array.from(text.matchAll(/npm run ([a-z][\w:]*)/g), ([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  },
);

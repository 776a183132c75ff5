import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { root } from './planted.ts';

/** The patterns of secrets of AWS, GitHub, npm, Slack and of key pairs, as POSIX expressions for git. */
const SECRETS = [
  '(AKIA|ASIA)[A-Z0-9]{16}',
  'aws_secret_access_key *[=:] *.?[A-Za-z0-9/+]{40}',
  '-----BEGIN [A-Z ]*PRIVATE KEY-----',
  '(ghp|gho|ghs|ghu)_[A-Za-z0-9]{36}',
  'github_pat_[A-Za-z0-9_]{50}',
  'npm_[A-Za-z0-9]{36}',
  'xox[abprs]-[0-9]{8}',
].join('|');

const git = (folder: string, ...words: readonly string[]): string =>
  execFileSync('git', ['-C', folder, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

/** Returns the commits of all branches that add or remove a line with a secret. */
const leaks = (folder: string): string[] =>
  git(folder, 'log', '--all', '--format=%h %s', '--extended-regexp', `-G${SECRETS}`).split('\n').filter(Boolean);

function isRepository(): boolean {
  try {
    git(root, 'rev-parse', '--git-dir');
    return true;
  } catch {
    // A copy without its history has no commits to search.
    return false;
  }
}

describe('the history', () => {
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'secrets-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('shows a secret that was committed and removed again', () => {
    const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
    const commit = (subject: string, text: string): void => {
      writeFileSync(join(folder, 'file'), text);
      git(folder, 'add', 'file');
      git(folder, ...identity, 'commit', '-qm', subject);
    };
    git(folder, 'init', '-q');
    commit('harmless', 'AKIA\n');
    commit('planted', `id = AKIA${'EXAMPLE'.padEnd(16, '0')}\n`);
    commit('removed', '\n');
    expect(leaks(folder).map((line) => line.replace(/^\w+ /, ''))).toEqual(['removed', 'planted']);
  });

  it('of this repository contains no secret', () => {
    expect(isRepository() ? leaks(root) : []).toEqual([]);
  });
});

// Holds the first lines of commit messages to the rules in law/commits.ts: that of a message in a file (the hook), else
// those of the commits of this branch.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { checkSubject } from './law/commits.ts';

const git = (...args: readonly string[]): string | undefined => {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    // An archive of the sources has no history, and a clone may have no branch `main`: there is nothing to check.
    return undefined;
  }
};

/** Lists the first lines of the commits that `main` does not have; without a `main`, that of the latest commit. */
function listSubjects(): readonly string[] {
  const base = ['origin/main', 'main'].find((name) => git('rev-parse', '--verify', '--quiet', name) !== undefined);
  const range = base === undefined ? ['-1'] : [`${base}..HEAD`];
  return (git('log', '--no-merges', '--format=%s', ...range) ?? '').split('\n').filter((subject) => subject !== '');
}

/** Reads the first line of a message as git keeps it: without comments and the blank lines above it. */
const readSubject = (path: string): string =>
  readFileSync(path, 'utf8')
    .split('\n')
    .find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';

const [file] = process.argv.slice(2);
const subjects = file === undefined ? listSubjects() : [readSubject(file)];

for (const subject of subjects) {
  const fault = checkSubject(subject);
  if (fault === undefined) continue;
  console.error(`"${subject}": ${fault}. See CONTRIBUTING.md, Commits.`);
  process.exitCode = 1;
}
if (file === undefined) console.error(`Commits: ${subjects.length} first lines checked.`);

// Holds the first lines of commit messages to the rules in law/commits.ts: that of a message in a file (the hook), else
// those of the commits of this branch.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { judgeSubject } from './law/commits.ts';

const git = (...args: readonly string[]): string | undefined => {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    // An archive of the sources has no history, and a clone may have no branch `main`: there is nothing to check.
    return undefined;
  }
};

/** The commits that `main` does not have, and the latest one. */
function subjectsOfBranch(): readonly string[] {
  const base = ['origin/main', 'main'].find((name) => git('rev-parse', '--verify', '--quiet', name) !== undefined);
  const branch = base && git('log', '--no-merges', '--format=%s', `${base}..HEAD`);
  const latest = git('log', '-1', '--format=%s');
  return [...new Set(`${latest ?? ''}\n${branch ?? ''}`.split('\n'))].filter((subject) => subject !== '');
}

const [file] = process.argv.slice(2);
const subjects = file === undefined ? subjectsOfBranch() : [readFileSync(file, 'utf8').split('\n', 1)[0]!];

for (const subject of subjects) {
  const fault = judgeSubject(subject);
  if (fault === undefined) continue;
  console.error(`"${subject}": ${fault}. See CONTRIBUTING.md, Commits.`);
  process.exitCode = 1;
}
if (file === undefined) console.error(`Commits: ${subjects.length} first lines checked.`);

// Brings node_modules up to date with the lock file, and does nothing when it already is. Runs before every npm script
// that needs dependencies, so it has none itself and runs on the host's Node 20.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, sep } from 'node:path';

const root = join(import.meta.dirname, '..');
const stampFile = join(root, 'node_modules', '.setup-stamp');

/** The lock file, and of package.json the fields that npm installs by: editing a script installs nothing. */
function wantedStamp() {
  const { dependencies, devDependencies, overrides, allowScripts } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(JSON.stringify({ dependencies, devDependencies, overrides, allowScripts }))
    .digest('hex');
}

function presentStamp() {
  try {
    return readFileSync(stampFile, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** npm must not run on the Node of node_modules, which `npm ci` deletes under it. */
function pathOfTheHost() {
  const own = join(root, 'node_modules') + sep;
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !`${folder}${sep}`.startsWith(own))
    .join(delimiter);
}

function install() {
  // Warnings are left out: npm here runs on the host's Node, and would doubt packages that later run on our own.
  // Everything goes to stderr: stdout belongs to the command that follows.
  const { status, error } = spawnSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    env: { ...process.env, PATH: pathOfTheHost() },
    stdio: ['ignore', 2, 2],
  });
  if (error) throw error;
  return status ?? 1;
}

const wanted = wantedStamp();
const present = presentStamp();
if (present !== wanted) {
  const reason = present === undefined ? 'dependencies are not installed yet' : 'the dependencies have changed';
  console.error(`Setting up: ${reason}; running npm ci (about half a minute) ...`);
  const status = install();
  if (status !== 0) {
    console.error(`Setting up failed: npm ci ended with status ${status}; its own message is above.`);
    process.exit(status);
  }
  writeFileSync(stampFile, wanted);
  console.error('Setting up: done.');
}

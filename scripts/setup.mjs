// Brings node_modules up to date with the lock file, and does nothing when it already is. Runs before every npm script
// that needs dependencies, so it has none itself and runs on the host's Node 20.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, sep } from 'node:path';

const root = join(import.meta.dirname, '..');
const modules = join(root, 'node_modules');
const stampFile = join(modules, '.setup-stamp');

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** The lock file, and of package.json the fields that npm installs by: editing a script installs nothing. */
function wantedStamp() {
  const { dependencies, devDependencies, overrides, allowScripts } = readJson(join(root, 'package.json'));
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

/**
 * Whether a person has installed by `npm ci` what the lock file says, all of it: npm notes what it has installed.
 * Packages for other systems are not there, and the Node of the project is put there by a script, which can be switched
 * off.
 */
function isInstalledByHand() {
  const noted = join(modules, '.package-lock.json');
  if (!existsSync(noted) || !existsSync(join(modules, '.bin', 'node'))) return false;
  const installed = readJson(noted).packages;
  const { '': project, ...locked } = readJson(join(root, 'package-lock.json')).packages;
  const { dependencies, devDependencies } = readJson(join(root, 'package.json'));
  const isLocked = isSame(project.dependencies, dependencies) && isSame(project.devDependencies, devDependencies);
  return isLocked && Object.entries(locked).every(([path, one]) => isPresent(installed[path], one));
}

const isPresent = (installed, { version, integrity, optional }) =>
  installed ? installed.version === version && installed.integrity === integrity : optional === true;

const isSame = (one = {}, other = {}) => Object.keys({ ...one, ...other }).every((name) => one[name] === other[name]);

/** npm must not run on the Node of node_modules, which `npm ci` deletes under it. */
function pathOfTheHost() {
  const own = modules + sep;
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
if (present === undefined && isInstalledByHand()) {
  writeFileSync(stampFile, wanted);
} else if (present !== wanted) {
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

// Brings node_modules up to date with the lock file, unless it already is. Runs before every npm script that needs
// dependencies, so it has none itself and runs on the host's Node 20.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, sep } from 'node:path';

const root = join(import.meta.dirname, '..');
const modules = join(root, 'node_modules');
const stampFile = join(modules, '.setup-stamp');

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** Hashes the lock file and the fields of package.json by which npm installs: editing a script installs nothing. */
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
 * Returns true if the user has installed by `npm ci` exactly what the lock file says; npm records what it has
 * installed. Packages for other systems are absent. An install script provides the Node of the project, and install
 * scripts can be switched off.
 */
function isInstalledByHand() {
  const record = join(modules, '.package-lock.json');
  if (!existsSync(record) || !existsSync(join(modules, '.bin', 'node'))) return false;
  const installed = readJson(record).packages;
  const { '': project, ...locked } = readJson(join(root, 'package-lock.json')).packages;
  const { dependencies, devDependencies } = readJson(join(root, 'package.json'));
  const isLocked = isSame(project.dependencies, dependencies) && isSame(project.devDependencies, devDependencies);
  return isLocked && Object.entries(locked).every(([path, one]) => isPresent(installed[path], one));
}

const isPresent = (installed, { version, integrity, optional }) =>
  installed ? installed.version === version && installed.integrity === integrity : optional === true;

const isSame = (one = {}, other = {}) => Object.keys({ ...one, ...other }).every((name) => one[name] === other[name]);

/** Returns PATH without node_modules. npm must not run on the Node there, which `npm ci` deletes while it runs. */
function hostPath() {
  const own = modules + sep;
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !`${folder}${sep}`.startsWith(own))
    .join(delimiter);
}

function install() {
  // Hides warnings: npm runs on the host's Node here, and would doubt packages that later run on the project's own. All
  // output goes to stderr, because stdout belongs to the command that follows.
  const { status, error } = spawnSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    env: { ...process.env, PATH: hostPath() },
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

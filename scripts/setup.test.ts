import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const PACKAGE = { dependencies: { one: '1.0.0' }, devDependencies: { two: '2.0.0' } };
const LOCKED = {
  'node_modules/one': { version: '1.0.0', integrity: 'sha512-1' },
  'node_modules/two': { version: '2.0.0', integrity: 'sha512-2', dev: true },
  'node_modules/two-for-another-system': { version: '2.0.0', integrity: 'sha512-3', optional: true },
};
const { 'node_modules/two-for-another-system': _other, ...INSTALLED } = LOCKED;

describe('the setup', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'setup-'));
    for (const one of ['scripts', 'bin', 'node_modules/.bin']) mkdirSync(join(folder, one), { recursive: true });
    cpSync(join(import.meta.dirname, 'setup.mjs'), join(folder, 'scripts/setup.mjs'));
    write('package.json', PACKAGE);
    write('package-lock.json', { packages: { '': PACKAGE, ...LOCKED } });
    // Replaces npm with a script that records its call.
    const npm = `#!${process.execPath}\nrequire('node:fs').appendFileSync(${JSON.stringify(join(folder, 'called'))}, 'npm');`;
    writeFileSync(join(folder, 'bin/npm'), npm, { mode: 0o755 });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (file: string, content: unknown) => writeFileSync(join(folder, file), JSON.stringify(content));
  const installed = (packages: object) => write('node_modules/.package-lock.json', { packages });
  const ownNode = () => writeFileSync(join(folder, 'node_modules/.bin/node'), '');

  /** Runs the setup. Returns whether it called npm. */
  function setUp(): boolean {
    rmSync(join(folder, 'called'), { force: true });
    const env = { ...process.env, PATH: join(folder, 'bin') + delimiter + process.env['PATH'] };
    execFileSync(process.execPath, [join(folder, 'scripts/setup.mjs')], { env, stdio: 'ignore' });
    return existsSync(join(folder, 'called'));
  }

  it('installs once, and again after a change', () => {
    expect(setUp()).toBe(true);
    expect(setUp()).toBe(false);
    write('package-lock.json', { packages: { '': PACKAGE } });
    expect(setUp()).toBe(true);
  });

  it('keeps what the user has installed by npm ci', () => {
    ownNode();
    installed(INSTALLED);
    expect(setUp()).toBe(false);
    expect(setUp()).toBe(false);
  });

  it.each<[string, object]>([
    ['another version', { ...INSTALLED, 'node_modules/one': { version: '1.0.1', integrity: 'sha512-1' } }],
    ['other bytes', { ...INSTALLED, 'node_modules/one': { version: '1.0.0', integrity: 'sha512-9' } }],
    ['a part of it', { 'node_modules/one': INSTALLED['node_modules/one'] }],
    ['nothing', {}],
  ])('installs if %s was installed by hand', (_, packages) => {
    ownNode();
    installed(packages);
    expect(setUp()).toBe(true);
  });

  it('installs if install scripts were switched off, or the lock file is out of date', () => {
    installed(INSTALLED);
    expect(setUp()).toBe(true);
    rmSync(join(folder, 'node_modules/.setup-stamp'));
    ownNode();
    write('package.json', { ...PACKAGE, devDependencies: { two: '2.0.1' } });
    expect(setUp()).toBe(true);
  });
});

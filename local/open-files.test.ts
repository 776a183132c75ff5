import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { requireOpenFiles } from './open-files.ts';

const MODULE = join(import.meta.dirname, 'open-files.ts');

/** What a process says whose limit was set by its shell. */
function saidUnder(limit: number): string {
  const program = `import(${JSON.stringify(MODULE)})
    .then(({ requireOpenFiles }) => requireOpenFiles())
    .then(() => console.log("enough"), ({ message }) => console.log(message))`;
  const command = `ulimit -n ${limit} && exec "$0" -e '${program}'`;
  return spawnSync('sh', ['-c', command, process.execPath], {
    encoding: 'utf8',
    env: { NODE_OPTIONS: '' },
  }).stdout.trim();
}

it('refuses a limit under which the service would fail under load', () => {
  expect(saidUnder(256)).toBe(
    'This process may open 256 files only, and needs up to 1024 under load. Raise the limit, as with "ulimit -n 4096", and start again.',
  );
  expect(saidUnder(1_024)).toBe('enough');
});

it('takes a system that has no limit', () => {
  expect(() => requireOpenFiles(Infinity)).not.toThrow();
});

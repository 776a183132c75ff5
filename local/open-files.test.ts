import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { requireOpenFiles } from './open-files.ts';

const MODULE = join(import.meta.dirname, 'open-files.ts');

/** Returns what the check prints in a process whose shell set this limit. */
function outputUnder(limit: number): string {
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
  expect(outputUnder(256)).toBe(
    'This process may open only 256 files, and needs up to 1024 under load. Raise the limit, for example with "ulimit -n 4096", and start again.',
  );
  expect(outputUnder(1_024)).toBe('enough');
});

it('accepts a system that has no limit', () => {
  expect(() => requireOpenFiles(Infinity)).not.toThrow();
});

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { openFilesWarning } from './open-files.ts';

const MODULE = join(import.meta.dirname, 'open-files.ts');

/** What a process says whose limit was set by its shell. */
function saidUnder(limit: number): string {
  const program = `import(${JSON.stringify(MODULE)}).then(({ openFilesWarning }) => console.log(openFilesWarning()))`;
  const command = `ulimit -n ${limit} && exec "$0" -e '${program}'`;
  return spawnSync('sh', ['-c', command, process.execPath], {
    encoding: 'utf8',
    env: { NODE_OPTIONS: '' },
  }).stdout.trim();
}

it('warns of a limit under which the service would fail under load', () => {
  expect(saidUnder(256)).toBe(
    'This process may open 256 files only. Under load it needs about 1024: raise the limit, as with "ulimit -n 4096", before you start.',
  );
  expect(saidUnder(1_024)).toBe('undefined');
});

it('has nothing to say where there is no limit', () => {
  expect(openFilesWarning(Infinity)).toBeUndefined();
});

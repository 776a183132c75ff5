import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDataFolder } from '../../local/data-folder/open-data-folder.ts';

const LOCAL = join(import.meta.dirname, '../../local/data-folder/open-data-folder.ts');

describe('a data folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'task-service-data-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Starts another process that opens the folder and keeps it until it is killed. */
  async function holder() {
    const code = `const { openDataFolder } = await import(${JSON.stringify(LOCAL)});
      globalThis.lock = await openDataFolder(${JSON.stringify(folder)}, false);
      console.log('open'); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    return child;
  }

  it('is refused while another process uses it, naming that process', async () => {
    const child = await holder();
    await expect(openDataFolder(folder, false)).rejects.toThrow(`is in use by process ${child.pid}. Stop that process`);
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  it('can be opened after its process was killed', async () => {
    const child = await holder();
    child.kill('SIGKILL');
    await once(child, 'exit');
    using lock = await openDataFolder(folder, false);
    expect(lock).toBeDefined();
  });

  it('can be opened again after it was closed', async () => {
    for (const _ of [1, 2]) (await openDataFolder(folder, false))[Symbol.dispose]();
  });

  it('has a lock that works even with garbage in its file', async () => {
    await writeFile(join(folder, 'lock'), 'garbage that is no lock');
    const child = await holder();
    await writeFile(join(folder, 'lock'), 'garbage that is no lock');
    await expect(openDataFolder(folder, false)).rejects.toThrow(`is in use by process ${child.pid}`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    (await openDataFolder(folder, false))[Symbol.dispose]();
  });

  it('is emptied for a fresh start, and only then', async () => {
    (await openDataFolder(folder, false))[Symbol.dispose]();
    await writeFile(join(folder, 'state'), 'old');
    (await openDataFolder(folder, false))[Symbol.dispose]();
    expect(await readdir(folder)).toContain('state');
    (await openDataFolder(folder, true))[Symbol.dispose]();
    expect(await readdir(folder)).not.toContain('state');
  });

  it('is refused if it contains other files, so that a fresh start deletes none', async () => {
    await writeFile(join(folder, 'thesis.txt'), 'precious');
    await expect(openDataFolder(folder, true)).rejects.toThrow('contains other files. Choose an empty or a new folder');
    expect(await readdir(folder)).toEqual(['thesis.txt']);
  });
});

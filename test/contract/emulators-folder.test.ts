import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from '@jest/globals';
import { startEmulators } from '../../local/emulators/emulators.ts';

describe('emulators on a new data folder', () => {
  let dataDir: string;

  beforeEach(async () => {
    dataDir = join(await mkdtemp(join(tmpdir(), 'emulators-folder-')), 'new', 'folder');
  });

  afterEach(() => rm(join(dataDir, '..', '..'), { recursive: true, force: true }));

  it('ignore environment variables for another emulator', async () => {
    process.env['FAUXQS_INIT'] = '/nowhere/init.json';
    try {
      const emulators = await startEmulators({ dataDir });
      await emulators.stop();
    } finally {
      delete process.env['FAUXQS_INIT'];
    }
  });
});

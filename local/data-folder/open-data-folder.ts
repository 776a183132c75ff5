import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderLock } from './folder-lock.ts';

/** Locks the data folder, and empties it for a fresh start. The caller disposes the lock to release it. */
export async function openDataFolder(dataDir: string, fresh: boolean): Promise<Disposable> {
  await mkdir(dataDir, { recursive: true });
  const entries = await readdir(dataDir);
  if (entries.length > 0 && !FolderLock.isPartOf(entries)) {
    throw new Error(`The folder ${dataDir} contains other files. Choose an empty or a new folder with --data-dir.`);
  }
  const lock = FolderLock.take(dataDir);
  if (!lock) {
    throw new Error(
      `The data folder ${dataDir} is in use by process ${FolderLock.owner(dataDir)}. ` +
        'Stop that process, or choose another folder with --data-dir.',
    );
  }
  const state = entries.filter((entry) => !FolderLock.isPartOf([entry]));
  if (fresh) await Promise.all(state.map((entry) => rm(join(dataDir, entry), { recursive: true })));
  return lock;
}

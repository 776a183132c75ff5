import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderLock } from './folder-lock.ts';

/** Locks the folder that keeps the state, and empties it for a fresh start; the lock is released by disposing it. */
export async function openDataFolder(dataDir: string, fresh: boolean): Promise<Disposable> {
  await mkdir(dataDir, { recursive: true });
  const entries = await readdir(dataDir);
  if (entries.length > 0 && !FolderLock.isPartOf(entries)) {
    throw new Error(`The folder ${dataDir} holds other things. Choose an empty or a new one with --data-dir.`);
  }
  const lock = FolderLock.take(dataDir);
  if (!lock) {
    throw new Error(
      `The data folder ${dataDir} is in use by process ${FolderLock.owner(dataDir)}. ` +
        'Stop that one, or choose another folder with --data-dir.',
    );
  }
  const state = entries.filter((entry) => !FolderLock.isPartOf([entry]));
  if (fresh) await Promise.all(state.map((entry) => rm(join(dataDir, entry), { recursive: true })));
  return lock;
}

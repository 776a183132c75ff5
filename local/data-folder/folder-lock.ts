import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const LOCK = 'lock';
const OWNER = 'lock.pid';
const SQLITE_BUSY = 5;
const SQLITE_NOT_A_DATABASE = 26;

/**
 * Keeps other processes out of a folder. The lock is SQLite's, that is the operating system's: it is gone with the
 * process, also after `kill -9`, so that there is no stale lock to judge by process ids, which get used again.
 */
export class FolderLock implements Disposable {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Undefined if somebody else has it; waits so long for them to release it, and blocks this thread meanwhile. */
  static take(folder: string, waitMs = 0): FolderLock | undefined {
    mkdirSync(folder, { recursive: true });
    const database = lock(join(folder, LOCK), waitMs);
    if (!database) return undefined;
    writeFileSync(join(folder, OWNER), String(process.pid));
    return new FolderLock(database);
  }

  /** The process that holds a lock, or held it last. */
  static owner(folder: string): string {
    return readFileSync(join(folder, OWNER), 'utf8');
  }

  /** True if the lock's own files are among these. */
  static isPartOf(entries: readonly string[]): boolean {
    return entries.some((entry) => entry === LOCK || entry === OWNER);
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}

function lock(file: string, waitMs: number): DatabaseSync | undefined {
  const database = new DatabaseSync(file, { timeout: waitMs });
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    const code = typeof error === 'object' && error && 'errcode' in error ? error.errcode : undefined;
    if (code === SQLITE_BUSY) return undefined;
    if (code !== SQLITE_NOT_A_DATABASE) throw error;
    // It holds nothing but the lock, which is the file's and stays with whoever has it: it is emptied, not replaced.
    truncateSync(file);
    return lock(file, waitMs);
  }
}

import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const LOCK = 'lock';
const OWNER = 'lock.pid';
const SQLITE_BUSY = 5;
const SQLITE_NOT_A_DATABASE = 26;

/**
 * Keeps other processes out of a folder. SQLite takes the lock from the operating system, which releases it when the
 * process ends, even by `kill -9`. So no lock is ever stale, and no process id, which the system may use again, has to
 * be checked.
 */
export class FolderLock implements Disposable {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /**
   * Takes the lock, or returns undefined if another process holds it. Waits `waitMs` for its release and blocks this
   * thread meanwhile.
   */
  static take(folder: string, waitMs = 0): FolderLock | undefined {
    mkdirSync(folder, { recursive: true });
    const database = lock(join(folder, LOCK), waitMs);
    if (!database) return undefined;
    writeFileSync(join(folder, OWNER), String(process.pid));
    return new FolderLock(database);
  }

  /** Returns the id of the process that holds the lock, or held it last. */
  static owner(folder: string): string {
    return readFileSync(join(folder, OWNER), 'utf8');
  }

  /** Returns true if one of these entries is a file of the lock. */
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
    // The file holds nothing but the lock, and the lock belongs to the file: another process may hold it now. So the
    // file is emptied, not replaced.
    truncateSync(file);
    return lock(file, waitMs);
  }
}

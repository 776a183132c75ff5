import { DatabaseSync } from 'node:sqlite';

/**
 * Makes a commit return as soon as the operating system has it, without waiting for the disk. A killed process loses
 * nothing by that; a power failure may lose the last commits. fauxqs commits every message of a batch alone and has no
 * option for this, so the setting is added to one that fauxqs makes.
 */
export function commitWithoutSync(): void {
  // oxlint-disable-next-line unbound-method -- called with the database it is called on
  const { exec } = DatabaseSync.prototype;
  DatabaseSync.prototype.exec = function execUnsynced(this: DatabaseSync, sql: string): void {
    exec.call(this, sql);
    if (sql.includes('journal_mode = WAL')) exec.call(this, 'PRAGMA synchronous = NORMAL');
  };
}

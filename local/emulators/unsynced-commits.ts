import { DatabaseSync } from 'node:sqlite';

/**
 * Lets SQLite answer a commit once the operating system has it, instead of waiting for the disk. A killed process loses
 * nothing by that, only a machine without power may. fauxqs commits every message of a batch on its own and has no
 * option for this, so the setting is added to the one that it makes itself.
 */
export function commitWithoutSync(): void {
  // oxlint-disable-next-line unbound-method -- called with the database it is called on
  const { exec } = DatabaseSync.prototype;
  DatabaseSync.prototype.exec = function execUnsynced(this: DatabaseSync, sql: string): void {
    exec.call(this, sql);
    if (sql.includes('journal_mode = WAL')) exec.call(this, 'PRAGMA synchronous = NORMAL');
  };
}

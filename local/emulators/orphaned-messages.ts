import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The file in which fauxqs keeps its queues. */
const QUEUES_FILE = 'fauxqs.db';

const SQLITE_CORRUPT = 11;
const SQLITE_NOT_A_DATABASE = 26;

/**
 * Makes the messages visible that were in flight when the process was killed. Their receivers ran inside the same
 * process, so no function is processing them. Otherwise a file would make no progress after a restart until their
 * visibility timeouts end. The receive counts stay: functions see a redelivery, as after any crash.
 *
 * Damaged queues are moved aside. The deployment creates new ones, and the sweep sends unfinished work again.
 */
export function releaseOrphanedMessages(dataDir: string, onDamage: (message: string) => void): void {
  const file = join(dataDir, QUEUES_FILE);
  if (!existsSync(file)) return;
  const damage = release(file);
  if (damage === undefined) return;
  const aside = `${file}.damaged`;
  renameSync(file, aside);
  for (const ending of ['-wal', '-shm']) rmSync(`${file}${ending}`, { force: true });
  onDamage(
    `The queues are damaged (${damage}) and start empty. The sweep sends unfinished work again. The damaged file: ${aside}`,
  );
}

/** Releases the messages. Returns what is wrong with the file if it is damaged. */
function release(file: string): string | undefined {
  const database = new DatabaseSync(file);
  try {
    const { quick_check: verdict } = database.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
    if (verdict !== 'ok') return verdict.split('\n').at(-1);
    database.exec('UPDATE sqs_messages SET visibility_deadline = 1 WHERE visibility_deadline IS NOT NULL');
    return undefined;
  } catch (error) {
    if (isDamage(error)) return error.message;
    throw error;
  } finally {
    database.close();
  }
}

function isDamage(error: unknown): error is { readonly message: string } {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return false;
  // An extended code has the plain one in its low byte.
  return [SQLITE_CORRUPT, SQLITE_NOT_A_DATABASE].includes(Number(error.errcode) & 0xff);
}

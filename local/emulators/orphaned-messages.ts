import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The file in which fauxqs keeps its queues. */
const QUEUES_FILE = 'fauxqs.db';

/**
 * Makes visible what was in flight when the process was killed. Its receivers ran inside the same process, so nobody works on
 * these messages any more; without this, a file would stand still after a restart until their visibility timeouts lapse.
 * The receive counts stay: to a function each is delivered again, as after any crash.
 */
export function releaseOrphanedMessages(dataDir: string): void {
  const file = join(dataDir, QUEUES_FILE);
  if (!existsSync(file)) return;
  const database = new DatabaseSync(file);
  try {
    database.exec('UPDATE sqs_messages SET visibility_deadline = 1 WHERE visibility_deadline IS NOT NULL');
  } finally {
    database.close();
  }
}

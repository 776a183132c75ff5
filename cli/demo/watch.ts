import { setTimeout } from 'node:timers/promises';
import type { Client } from '../../client/index.ts';
import type { TaskFile } from '../../src/contract/index.ts';

const POLL_MS = 200;
/** Longer than any recovery by the service itself takes. */
const STALL_LIMIT_MS = 300_000;

/** Yields the task file again and again, until it has ended. */
export async function* watch(client: Client, id: string, signal: AbortSignal): AsyncGenerator<TaskFile, void> {
  let movedAt = Date.now();
  let before = '';
  for (;;) {
    const taskFile = await client.getTaskFile({ params: { id }, signal });
    yield taskFile;
    if (isTerminal(taskFile)) return;
    const now = [taskFile.status, taskFile.recordCount, taskFile.processedCount, taskFile.failedCount].join();
    if (now !== before) movedAt = Date.now();
    if (Date.now() - movedAt > STALL_LIMIT_MS) {
      throw new Error(`The file has made no progress for ${STALL_LIMIT_MS / 1_000} s: ${now}.`);
    }
    before = now;
    await setTimeout(POLL_MS, undefined, { signal });
  }
}

const isTerminal = ({ status }: TaskFile): boolean => status !== 'NEW' && status !== 'IN_PROGRESS';

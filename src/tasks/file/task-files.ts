import * as z from 'zod';
import {
  cursorCodec,
  type Page,
  type PageQuery,
  type RowFailure,
  type Task,
  type TaskFile,
  type TaskFileStatus,
} from '../../contract/index.ts';
import {
  allDone,
  cancel,
  itemId,
  firstFailure,
  redrive,
  remainingFailures,
  NotCancellableError,
  NotRedrivableError,
  type Announcer,
  type Continuations,
  type Failures,
  type Jobs,
  type FailurePage,
  type Ledger,
  type VoidPorts,
} from '../../engine/index.ts';
import { notCancellable, notRedrivable } from '../errors.ts';
import { readFileJob } from './read-file-job.ts';
import { failureCursor } from './failure-cursor.ts';
import { judgeVoid } from '../task/judge-void.ts';
import type { Tasks } from '../ports/tasks.ts';
import { toVisibleTask } from '../model/stored-task.ts';
import { readTaskFile, toRowFailure, type TaskFilePorts } from './to-task-file.ts';

/**
 * Reads a task file.
 * @throws TaskError TASK_FILE_NOT_FOUND
 */
export async function getTaskFile(ports: TaskFilePorts, tenant: string, id: string): Promise<TaskFile> {
  return readTaskFile(ports, await readFileJob(ports, tenant, id));
}

/**
 * Stops a running file at once. A repeated request changes nothing. Rows that were processed stay processed and
 * counted.
 * @throws TaskError TASK_FILE_NOT_FOUND, NOT_CANCELLABLE
 */
export async function cancelTaskFile(
  ports: TaskFilePorts & { readonly announcer: Announcer },
  tenant: string,
  id: string,
): Promise<TaskFile> {
  const job = await readFileJob(ports, tenant, id);
  try {
    return await readTaskFile(ports, await cancel(ports, job));
  } catch (error) {
    // The caller can only act on this error: the request came too late.
    if (error instanceof NotCancellableError) throw notCancellable(id, error.state);
    throw error;
  }
}

/**
 * Processes the failed rows of an ended file again, all or those with certain codes. A file that failed before it was
 * read to its end continues where it stopped. A repeated request for a running redrive changes nothing.
 * @throws TaskError TASK_FILE_NOT_FOUND, NOT_REDRIVABLE
 */
export async function redriveTaskFile(
  ports: TaskFilePorts & { readonly announcer: Announcer; readonly continuations: Continuations },
  tenant: string,
  id: string,
  codes?: readonly string[],
): Promise<TaskFile> {
  const job = await readFileJob(ports, tenant, id);
  try {
    return await readTaskFile(ports, await redrive(ports, job, codes));
  } catch (error) {
    // The caller can only act on this error: the file cannot be redriven now.
    if (error instanceof NotRedrivableError) throw notRedrivable(id, error.reason);
    throw error;
  }
}

/**
 * Lists task files, newest first.
 * @throws CursorError
 */
export async function listTaskFiles(
  ports: TaskFilePorts,
  tenant: string,
  { limit, cursor, status }: PageQuery & { readonly status?: TaskFileStatus | undefined },
): Promise<Page<TaskFile>> {
  const page = await ports.jobs.list({
    tenant,
    limit,
    ...(cursor !== undefined && { after: cursor }),
    ...(status && { status }),
  });
  const items = await allDone(page.jobs.map((job) => readTaskFile(ports, job)));
  return { items, ...(page.after !== undefined && { cursor: page.after }) };
}

/** Bounds the work of one page: where most rows failed, a call that filled its page would run out of time. */
const READS_PER_PAGE = 20;

const taskCursor = cursorCodec(z.strictObject({ item: z.int().min(0) }));

/**
 * Lists the tasks of a file in row order. Their ids are computed, so this needs no index. Rows that failed or wait are
 * skipped, so a page before the last may be short or empty.
 * @throws TaskError TASK_FILE_NOT_FOUND; CursorError
 */
export async function listTasksOfFile(
  ports: VoidPorts & { readonly jobs: Jobs; readonly tasks: Tasks },
  tenant: string,
  id: string,
  { limit, cursor }: PageQuery,
): Promise<Page<Task>> {
  const job = await readFileJob(ports, tenant, id);
  const total = job.seal?.itemCount ?? job.checkpoint.nextItem;
  let { item } = cursor === undefined ? { item: 0 } : taskCursor.decode(cursor);
  const items: Task[] = [];
  for (let reads = 0; reads < READS_PER_PAGE && item < total && items.length < limit; reads++) {
    const count = Math.min(limit - items.length, total - item);
    const ids = Array.from({ length: count }, (_, offset) => itemId(id, item + offset));
    const stored = await ports.tasks.readMany(tenant, ids);
    const seen = await allDone(stored.map((one) => judgeVoid(ports, tenant, one)));
    items.push(...seen.flatMap((one) => toVisibleTask(one)?.task ?? []));
    item += count;
  }
  return { items, ...(item < total && { cursor: taskCursor.encode({ item }) }) };
}

/**
 * Lists the remaining failures of a file in row order. If rows are large, or redrives have imported rows, a page before
 * the last may be short or empty.
 * @throws TaskError TASK_FILE_NOT_FOUND; CursorError
 */
export async function listFailuresOfFile(
  ports: { readonly jobs: Jobs; readonly ledger: Ledger; readonly failures: Failures },
  tenant: string,
  id: string,
  { limit, cursor }: PageQuery,
): Promise<Page<RowFailure>> {
  const job = await readFileJob(ports, tenant, id);
  const from = cursor === undefined ? firstFailure() : failureCursor.decode(cursor);
  let [page, reads]: [FailurePage, number] = [{ failures: [] }, 0];
  for await (page of remainingFailures(ports, job, from, limit)) {
    if (page.failures.length > 0 || ++reads === READS_PER_PAGE) break;
  }
  return { items: page.failures.map(toRowFailure), ...(page.next && { cursor: failureCursor.encode(page.next) }) };
}

import { isDeepStrictEqual } from 'node:util';
import type { Page, PageQuery, Task, TaskContent } from '../../contract/index.ts';
import { allDone, type Clock, type Ids, type VoidPorts } from '../../engine/index.ts';
import { computeDigest } from '../digest.ts';
import { keyReused, taskNotFound } from '../errors.ts';
import { judgeVoid } from './judge-void.ts';
import type { Tasks } from '../ports/tasks.ts';
import { requireVersion, type Preconditions } from './preconditions.ts';
import {
  toVisibleTask,
  type EditItem,
  type StoredTask,
  type TaskItem,
  type VisibleTask,
} from '../model/stored-task.ts';

/** The task store, and the ledger that says which of its voids hold. */
export interface ReadPorts extends VoidPorts {
  readonly tasks: Tasks;
}

export interface ChangePorts extends ReadPorts {
  readonly clock: Clock;
}

/** Creates a task. Repeated requests with the same idempotency key have one effect and get the same response. */
export async function createTask(
  { tasks, clock, ids }: { readonly tasks: Tasks; readonly clock: Clock; readonly ids: Ids },
  tenant: string,
  content: TaskContent,
  idempotencyKey?: string,
): Promise<VisibleTask> {
  const fresh = { id: ids.newId(), createdAt: new Date(clock.now()).toISOString(), isDone: false };
  const digest = computeDigest(JSON.stringify(content));
  const claim =
    idempotencyKey === undefined
      ? { ...fresh, digest }
      : await tasks.claim(tenant, idempotencyKey, { ...fresh, digest });
  if (claim.digest !== digest) throw keyReused();
  const { id, createdAt } = claim;
  const item: TaskItem = { content, createdAt, updatedAt: createdAt, version: 1 };
  if (!claim.isDone) {
    await tasks.putItem(tenant, id, item, undefined);
    if (idempotencyKey !== undefined) await tasks.finishClaim(tenant, idempotencyKey);
  }
  return { version: item.version, task: { id, ...content, createdAt, updatedAt: createdAt } };
}

/**
 * Reads a task.
 * @throws TaskError TASK_NOT_FOUND, PRECONDITION_FAILED if `ifVersions` does not have the stored version
 */
export async function getTask(
  ports: ReadPorts,
  tenant: string,
  id: string,
  { ifVersions }: Preconditions = {},
): Promise<VisibleTask> {
  const current = requireVisible(await read(ports, tenant, id));
  requireVersion(current.version, ifVersions ? { ifVersions } : {});
  return current;
}

/**
 * Lists tasks in no particular order.
 * @throws CursorError
 */
export async function listTasks(ports: ReadPorts, tenant: string, query: PageQuery): Promise<Page<Task>> {
  const page = await ports.tasks.list(tenant, query);
  const stored = await allDone(page.items.map((one) => judgeVoid(ports, tenant, one)));
  return { ...page, items: stored.flatMap((one) => toVisibleTask(one)?.task ?? []) };
}

/**
 * Replaces a task's content.
 * @throws TaskError TASK_NOT_FOUND, PRECONDITION_FAILED
 */
export async function updateTask(
  ports: ChangePorts,
  tenant: string,
  id: string,
  content: TaskContent,
  preconditions: Preconditions = {},
): Promise<VisibleTask> {
  let stored = await read(ports, tenant, id);
  let current = requireVisible(stored);
  let tried: VisibleTask;
  do {
    requireVersion(current.version, preconditions);
    const { createdAt } = current.task;
    const updatedAt = new Date(ports.clock.now()).toISOString();
    tried = { version: current.version + 1, task: { ...identityOf(current.task), ...content, createdAt, updatedAt } };
    if (await write(ports.tasks, tenant, stored, tried)) return tried;
    // Another request changed the task in between: read it again, and refuse or change what is stored now. This request
    // itself may have done so, if its write succeeded, was repeated on its way to the store, and was refused then.
    stored = await read(ports, tenant, id);
    current = requireVisible(stored);
  } while (!isDeepStrictEqual(current, tried));
  return current;
}

/**
 * Deletes a task.
 * @throws TaskError TASK_NOT_FOUND, PRECONDITION_FAILED
 */
export async function deleteTask(
  ports: ReadPorts,
  tenant: string,
  id: string,
  preconditions: Preconditions = {},
): Promise<void> {
  let stored = await read(ports, tenant, id);
  let current: VisibleTask | undefined = requireVisible(stored);
  while (current) {
    requireVersion(current.version, preconditions);
    if (await remove(ports.tasks, tenant, stored, current)) return;
    // Another request changed or deleted the task in between. If it is gone, a repetition of this write may be the
    // cause.
    stored = await read(ports, tenant, id);
    current = toVisibleTask(stored);
  }
}

/** Stores a change. A task from a file keeps its row item, so the change becomes its edit item. */
function write(tasks: Tasks, tenant: string, stored: StoredTask, { version, task }: VisibleTask): Promise<boolean> {
  const { id, createdAt, updatedAt, taskFileId, row: _, ...content } = task;
  return taskFileId === undefined
    ? tasks.putItem(tenant, id, { content, createdAt, updatedAt, version }, version - 1)
    : putEdit(tasks, tenant, stored, { kind: 'changed', content, updatedAt, version });
}

function remove(tasks: Tasks, tenant: string, stored: StoredTask, { version, task }: VisibleTask): Promise<boolean> {
  return task.taskFileId === undefined
    ? tasks.removeItem(tenant, stored.id, version)
    : putEdit(tasks, tenant, stored, { kind: 'deleted', version: version + 1 });
}

async function putEdit(tasks: Tasks, tenant: string, { id, edit }: StoredTask, changed: EditItem): Promise<boolean> {
  // A void that does not hold may still be stored.
  if (edit?.kind === 'restored') await tasks.restoreRows(tenant, [id], edit.run);
  return tasks.putEdit(tenant, id, changed, edit?.version);
}

const read = async (ports: ReadPorts, tenant: string, id: string): Promise<StoredTask> =>
  judgeVoid(ports, tenant, await ports.tasks.read(tenant, id));

function requireVisible(stored: StoredTask): VisibleTask {
  const found = toVisibleTask(stored);
  if (!found) throw taskNotFound(stored.id);
  return found;
}

const identityOf = ({ id, taskFileId, row }: Task): Pick<Task, 'id' | 'taskFileId' | 'row'> => ({
  id,
  ...(taskFileId !== undefined && { taskFileId }),
  ...(row !== undefined && { row }),
});

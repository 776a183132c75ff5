import { isDeepStrictEqual } from 'node:util';
import type { Page, PageQuery, Task, TaskContent } from '../contract/index.ts';
import type { Clock, Ids } from '../engine/index.ts';
import { digestOf } from './digest.ts';
import { keyReused, TaskError, taskNotFound } from './errors.ts';
import type { Tasks } from './ports/tasks.ts';
import { visible, type StoredTask, type TaskItem, type VisibleTask } from './stored-task.ts';

export interface TaskPorts {
  readonly tasks: Tasks;
  readonly clock: Clock;
}

/** Creates a task. With an idempotency key the same request has one effect and one answer, however often it comes. */
export async function createTask(
  { tasks, clock, ids }: TaskPorts & { readonly ids: Ids },
  tenant: string,
  content: TaskContent,
  idempotencyKey?: string,
): Promise<VisibleTask> {
  const fresh = { id: ids.newId(), createdAt: new Date(clock.now()).toISOString(), isDone: false };
  const digest = digestOf(JSON.stringify(content));
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

/** @throws TaskError TASK_NOT_FOUND */
export async function getTask({ tasks }: Pick<TaskPorts, 'tasks'>, tenant: string, id: string): Promise<VisibleTask> {
  return visibleOrThrow(await tasks.read(tenant, id));
}

/** @throws CursorError */
export async function listTasks(
  { tasks }: Pick<TaskPorts, 'tasks'>,
  tenant: string,
  query: PageQuery,
): Promise<Page<Task>> {
  const page = await tasks.list(tenant, query);
  return { ...page, items: page.items.flatMap((stored) => visible(stored)?.task ?? []) };
}

/**
 * Replaces a task's content.
 * @throws TaskError TASK_NOT_FOUND, PRECONDITION_FAILED if `ifVersions` does not have the stored version
 */
export async function updateTask(
  { tasks, clock }: TaskPorts,
  tenant: string,
  id: string,
  content: TaskContent,
  ifVersions?: readonly number[],
): Promise<VisibleTask> {
  let stored = await tasks.read(tenant, id);
  let current = visibleOrThrow(stored);
  let tried: VisibleTask;
  do {
    requireVersion(current, ifVersions);
    const { createdAt } = current.task;
    const updatedAt = new Date(clock.now()).toISOString();
    tried = { version: current.version + 1, task: { ...identityOf(current.task), ...content, createdAt, updatedAt } };
    if (await write(tasks, tenant, stored, tried)) return tried;
    // Somebody changed the task in between: look again, and refuse or change what is there now. It may have been ourselves,
    // if a call that had succeeded was repeated on its way to the store, and refused the second time.
    stored = await tasks.read(tenant, id);
    current = visibleOrThrow(stored);
  } while (!isDeepStrictEqual(current, tried));
  return current;
}

/** @throws TaskError TASK_NOT_FOUND, PRECONDITION_FAILED if `ifVersions` does not have the stored version */
export async function deleteTask(
  { tasks }: Pick<TaskPorts, 'tasks'>,
  tenant: string,
  id: string,
  ifVersions?: readonly number[],
): Promise<void> {
  let stored = await tasks.read(tenant, id);
  let current: VisibleTask | undefined = visibleOrThrow(stored);
  while (current) {
    requireVersion(current, ifVersions);
    if (await remove(tasks, tenant, stored, current)) return;
    // Somebody changed the task in between, or removed it: then it is gone, be it by a repetition of our own call.
    stored = await tasks.read(tenant, id);
    current = visible(stored);
  }
}

/** A task from a file keeps its row item: what a person makes of it goes beside. */
function write(tasks: Tasks, tenant: string, { edit }: StoredTask, { version, task }: VisibleTask): Promise<boolean> {
  const { id, createdAt, updatedAt, taskFileId, row: _, ...content } = task;
  return taskFileId === undefined
    ? tasks.putItem(tenant, id, { content, createdAt, updatedAt, version }, version - 1)
    : tasks.putEdit(tenant, id, { kind: 'changed', content, updatedAt, version }, edit?.version);
}

function remove(tasks: Tasks, tenant: string, { id, edit }: StoredTask, current: VisibleTask): Promise<boolean> {
  return current.task.taskFileId === undefined
    ? tasks.removeItem(tenant, id, current.version)
    : tasks.putEdit(tenant, id, { kind: 'deleted', version: current.version + 1 }, edit?.version);
}

function visibleOrThrow(stored: StoredTask): VisibleTask {
  const found = visible(stored);
  if (!found) throw taskNotFound(stored.id);
  return found;
}

function requireVersion(current: VisibleTask, ifVersions: readonly number[] | undefined): void {
  if (ifVersions && !ifVersions.includes(current.version)) {
    throw new TaskError(
      'PRECONDITION_FAILED',
      `The task is at version "${current.version}", If-Match asks for ${ifVersions.map((version) => `"${version}"`).join(', ') || 'none'}. Read it again and decide anew.`,
    );
  }
}

const identityOf = ({ id, taskFileId, row }: Task): Pick<Task, 'id' | 'taskFileId' | 'row'> => ({
  id,
  ...(taskFileId !== undefined && { taskFileId }),
  ...(row !== undefined && { row }),
});

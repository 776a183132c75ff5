import { beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { TaskContent } from '../../contract/index.ts';
import { itemId } from '../../engine/index.ts';
import { segmentKey } from '../../engine/model/job.ts';
import { aRunningJob } from '../../../test/kit/factories.ts';
import { MemoryJobs, MemoryLedger, MemoryTasks } from '../../../test/kit/memory/index.ts';
import type { Claim } from '../ports/tasks.ts';
import { toVisibleTask, type EditItem, type TaskItem } from '../model/stored-task.ts';
import { createTask, deleteTask, getTask, listTasks, updateTask } from './tasks.ts';

const TENANT = 'default';
const FILE = '0193c5a8-7c1e-7d3f-9a55-2b7f4c9d8e10';
const paint = { title: 'Order paint', isComplete: false };
const done = { title: 'Order paint', detail: 'White', isComplete: true };
const NOT_FOUND = { name: 'TaskError', code: 'TASK_NOT_FOUND' };
const CHANGED = { name: 'TaskError', code: 'PRECONDITION_FAILED' };

/** Lets another request, or a broken connection, interfere between the read of a use case and its write. */
class InterposedTasks extends MemoryTasks {
  /** Runs once, before the next conditional write. */
  beforeWrite: (() => Promise<unknown>) | undefined;
  /** The next conditional write succeeds and is repeated, and the caller receives the result of the repetition. */
  repeatsNext = false;

  async #write(write: () => Promise<boolean>): Promise<boolean> {
    const before = this.beforeWrite;
    this.beforeWrite = undefined;
    await before?.();
    if (this.repeatsNext) await write();
    this.repeatsNext = false;
    return write();
  }

  override putItem(tenant: string, id: string, item: TaskItem, ifVersion: number | undefined): Promise<boolean> {
    return this.#write(() => super.putItem(tenant, id, item, ifVersion));
  }

  override removeItem(tenant: string, id: string, ifVersion: number): Promise<boolean> {
    return this.#write(() => super.removeItem(tenant, id, ifVersion));
  }

  override putEdit(tenant: string, id: string, edit: EditItem, ifVersion: number | undefined): Promise<boolean> {
    return this.#write(() => super.putEdit(tenant, id, edit, ifVersion));
  }
}

let tasks: InterposedTasks;
let now: number;
let made: number;
let jobs: MemoryJobs;
let ledger: MemoryLedger;
const clock = { now: () => now };
const ports = () => ({ tasks, jobs, ledger, failures: ledger });
const ids = { newId: () => itemId(FILE, 1_000_000 + made++) };

beforeEach(() => {
  tasks = new InterposedTasks();
  [jobs, ledger] = [new MemoryJobs(clock), new MemoryLedger(clock)];
  now = Date.UTC(2026, 0, 31, 8);
  made = 0;
});

const create = (content: TaskContent = paint, key?: string) => createTask({ tasks, clock, ids }, TENANT, content, key);
const get = (id: string) => getTask(ports(), TENANT, id);
const update = (id: string, content: TaskContent = done, ifVersions?: readonly number[]) =>
  updateTask({ ...ports(), clock }, TENANT, id, content, ifVersions && { ifVersions });
const remove = (id: string, ifVersions?: readonly number[]) =>
  deleteTask(ports(), TENANT, id, ifVersions && { ifVersions });

const createPlain = async (): Promise<string> => (await create()).task.id;
async function createRow(row = 2): Promise<string> {
  const id = itemId(FILE, row - 2);
  const at = new Date(now).toISOString();
  const item = { content: paint, createdAt: at, updatedAt: at, version: 1, origin: { taskFileId: FILE, row } };
  await tasks.putRows(TENANT, [{ id, item }]);
  return id;
}
const kinds = [
  ['made by POST', createPlain],
  ['from a file', createRow],
] as const;

describe('creating a task', () => {
  it('returns what is stored', async () => {
    const { task, version } = await create(done);
    const at = '2026-01-31T08:00:00.000Z';
    expect({ task, version }).toEqual({ version: 1, task: { id: task.id, ...done, createdAt: at, updatedAt: at } });
    expect(await get(task.id)).toEqual({ task, version });
  });

  it('makes a task of each request without a key', async () => {
    expect((await create()).task.id).not.toBe((await create()).task.id);
  });

  it('makes one task of requests with one key, and returns it to each', async () => {
    const first = await create(paint, 'key');
    now += 60_000;
    expect(await create(paint, 'key')).toEqual(first);
    expect((await listTasks(ports(), TENANT, { limit: 10 })).items).toEqual([first.task]);
  });

  it('refuses another request with a used key', async () => {
    await create(paint, 'key');
    await expect(create(done, 'key')).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('continues where an earlier try of the same request died', async () => {
    const tries: Claim[] = [];
    class DyingTasks extends MemoryTasks {
      override async claim(tenant: string, key: string, claim: Claim): Promise<Claim> {
        tries.push(await super.claim(tenant, key, claim));
        throw new Error('died');
      }
    }
    const dying = new DyingTasks();
    await expect(createTask({ tasks: dying, clock, ids }, TENANT, paint, 'key')).rejects.toThrow('died');
    await tasks.claim(TENANT, 'key', tries[0]!);
    expect((await create(paint, 'key')).task.id).toBe(tries[0]?.id);
    expect(await get(String(tries[0]?.id))).toMatchObject({ task: paint });
  });

  it('does not restore a task that was deleted since', async () => {
    const { task } = await create(paint, 'key');
    await remove(task.id);
    expect((await create(paint, 'key')).task).toEqual(task);
    await expect(get(task.id)).rejects.toMatchObject(NOT_FOUND);
  });

  it('succeeds once when its write is repeated', async () => {
    tasks.repeatsNext = true;
    const { task } = await create();
    expect(await get(task.id)).toMatchObject({ version: 1 });
  });
});

describe('listing tasks', () => {
  it('leaves out deleted and voided tasks, and has pages to the end', async () => {
    const seen = [await createPlain(), await createRow(2), await createRow(3)];
    await remove(await createRow(4));
    await tasks.voidRows(TENANT, [itemId(FILE, 3), itemId(FILE, 4)], { run: 0, batch: 0 });
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listTasks(ports(), TENANT, { limit: 2, cursor });
      found.push(...page.items.map(({ id }) => id));
      ({ cursor } = page);
    } while (cursor !== undefined);
    expect(found.toSorted()).toEqual(seen.toSorted());
  });
});

describe.each(kinds)('a task %s', (_, createOne) => {
  it('is replaced as a whole: fields that are left out are gone, its identity stays', async () => {
    const id = await createOne();
    const before = await get(id);
    await update(id);
    now += 60_000;
    const after = await update(id, { title: 'Other', isComplete: false });
    const { detail: _detail, ...rest } = before.task;
    expect(after).toEqual({ version: 3, task: { ...rest, title: 'Other', updatedAt: '2026-01-31T08:01:00.000Z' } });
    expect(await get(id)).toEqual(after);
  });

  it('is changed and deleted only at a version in If-Match', async () => {
    const id = await createOne();
    await expect(update(id, done, [2])).rejects.toMatchObject(CHANGED);
    await expect(update(id, done, [])).rejects.toThrow('If-Match is none, but the task has version "1"');
    await expect(remove(id, [2, 7])).rejects.toThrow('If-Match is "2", "7", but the task has version "1"');
    await update(id, done, [7, 1]);
    await expect(remove(id, [1])).rejects.toMatchObject(CHANGED);
    await remove(id, [2]);
    await expect(get(id)).rejects.toMatchObject(NOT_FOUND);
  });

  it('is read only at a version in If-Match', async () => {
    const id = await createOne();
    expect(await getTask(ports(), TENANT, id, { ifVersions: [1], unlessVersions: [1] })).toEqual(await get(id));
    await expect(getTask(ports(), TENANT, id, { ifVersions: [2] })).rejects.toMatchObject(CHANGED);
  });

  it('is neither changed nor deleted at an excluded version, or if there must be none', async () => {
    const id = await createOne();
    for (const unlessVersions of ['any', [7, 1]] as const) {
      const changing = updateTask({ ...ports(), clock }, TENANT, id, done, { unlessVersions });
      await expect(changing).rejects.toThrow('has version "1", which If-None-Match excludes');
      await expect(deleteTask(ports(), TENANT, id, { unlessVersions })).rejects.toMatchObject(CHANGED);
    }
    await deleteTask(ports(), TENANT, id, { unlessVersions: [2] });
    await expect(get(id)).rejects.toMatchObject(NOT_FOUND);
    const gone = updateTask({ ...ports(), clock }, TENANT, id, done, { unlessVersions: 'any' });
    await expect(gone).rejects.toMatchObject(NOT_FOUND);
  });

  it('is gone once it is deleted', async () => {
    const id = await createOne();
    await update(id);
    await remove(id);
    for (const again of [get(id), update(id), remove(id), update(id, done, [1])]) {
      await expect(again).rejects.toMatchObject(NOT_FOUND);
    }
  });

  it('takes a change on top of a concurrent one', async () => {
    const id = await createOne();
    tasks.beforeWrite = () => update(id, { title: 'First', isComplete: false });
    expect(await update(id)).toMatchObject({ version: 3, task: done });
    expect(await get(id)).toMatchObject({ version: 3, task: done });
  });

  it('refuses a change of the version before a concurrent one', async () => {
    const id = await createOne();
    tasks.beforeWrite = () => update(id, { title: 'First', isComplete: false });
    await expect(update(id, done, [1])).rejects.toMatchObject(CHANGED);
    expect(await get(id)).toMatchObject({ version: 2, task: { title: 'First' } });
  });

  it('cannot be changed if it was deleted concurrently', async () => {
    const id = await createOne();
    tasks.beforeWrite = () => remove(id);
    await expect(update(id)).rejects.toMatchObject(NOT_FOUND);
    await expect(get(id)).rejects.toMatchObject(NOT_FOUND);
  });

  it('is deleted even if it was changed concurrently, unless a version was named', async () => {
    const id = await createOne();
    tasks.beforeWrite = () => update(id);
    await expect(remove(id, [1])).rejects.toMatchObject(CHANGED);
    tasks.beforeWrite = () => update(id);
    await remove(id);
    await expect(get(id)).rejects.toMatchObject(NOT_FOUND);
  });

  it('is deleted for both of two concurrent deletions', async () => {
    const id = await createOne();
    tasks.beforeWrite = () => remove(id);
    await remove(id, [1]);
    await expect(get(id)).rejects.toMatchObject(NOT_FOUND);
  });

  it('is changed once if the write was repeated on its way', async () => {
    const id = await createOne();
    tasks.repeatsNext = true;
    const changed = await update(id, done, [1]);
    expect(changed).toMatchObject({ version: 2, task: done });
    expect(await get(id)).toEqual(changed);
  });

  it('is deleted once if the write was repeated on its way', async () => {
    const id = await createOne();
    tasks.repeatsNext = true;
    await remove(id, [1]);
    await expect(get(id)).rejects.toMatchObject(NOT_FOUND);
  });

  it('gets one version for each of many concurrent changes, and loses none of them', async () => {
    const id = await createOne();
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, index) => update(id, { title: `Title ${index}`, isComplete: false })),
    );
    expect(results.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await get(id)).toEqual(results.find(({ version }) => version === 9));
  });
});

describe('a task from a file', () => {
  it('keeps every edit and deletion, regardless of what import does to its row later', async () => {
    const isEdit = ({ kind }: EditItem): boolean => kind === 'changed' || kind === 'deleted';
    const byCaller = { update: (id: string) => update(id), remove: (id: string) => remove(id) };
    const byImport = {
      import: () => createRow(),
      void: (id: string) => tasks.voidRows(TENANT, [id], { run: 0, batch: 0 }),
      restore: (id: string) => tasks.restoreRows(TENANT, [id], 0),
      release: (id: string) => tasks.releaseRows(TENANT, [id], 1),
    };
    const step = fc.oneof(fc.constantFrom(...Object.values(byCaller)), fc.constantFrom(...Object.values(byImport)));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        tasks = new InterposedTasks();
        const id = await createRow();
        for (const one of steps) {
          const before = await tasks.read(TENANT, id);
          const isCallers = Object.values<unknown>(byCaller).includes(one);
          if (isCallers && !toVisibleTask(before)) continue;
          await one(id);
          const after = await tasks.read(TENANT, id);
          expect(after.item).toEqual(before.item);
          if (!isCallers && before.edit && isEdit(before.edit)) expect(after.edit).toEqual(before.edit);
        }
      }),
    );
  });

  it('can be neither changed nor deleted while it is voided', async () => {
    const id = await createRow();
    tasks.beforeWrite = () => tasks.voidRows(TENANT, [id], { run: 0, batch: 0 });
    await expect(update(id)).rejects.toMatchObject(NOT_FOUND);
    await expect(remove(id)).rejects.toMatchObject(NOT_FOUND);
    expect((await tasks.read(TENANT, id)).edit).toEqual({ kind: 'voided', version: 0, run: 0, batch: 0 });
  });

  it('can be read, listed, changed and deleted if the ledger does not confirm its void', async () => {
    const job = await jobs.create(aRunningJob({ jobId: FILE }));
    await ledger.record(segmentKey(job, 0), [{ batch: 0, succeeded: 2, failed: 0, bytes: 1 }]);
    const [changed, removed] = [await createRow(2), await createRow(3)];
    await tasks.voidRows(TENANT, [changed, removed], { run: 0, batch: 0 });
    expect(await get(changed)).toMatchObject({ version: 1, task: paint });
    expect((await listTasks(ports(), TENANT, { limit: 10 })).items).toHaveLength(2);
    expect(await update(changed, done, [1])).toMatchObject({ version: 2, task: done });
    await remove(removed);
    expect((await listTasks(ports(), TENANT, { limit: 10 })).items).toMatchObject([{ id: changed, ...done }]);
  });
});

import { beforeEach, describe, expect, it } from '@jest/globals';
import { taskFile, type PageQuery } from '../../contract/index.ts';
import { DEFAULT_FORMAT } from '../../engine/model/source-format.ts';
import { itemId, newJob, type Job } from '../../engine/index.ts';
import {
  MemoryContents,
  MemoryJobs,
  MemoryLedger,
  MemoryMessaging,
  MemoryObjects,
  MemoryTasks,
} from '../../../test/kit/memory/index.ts';
import { cancelTaskFile, getTaskFile, listFailuresOfFile, listTaskFiles, listTasksOfFile } from './task-files.ts';
import { uploadTaskFile, type Upload } from '../upload/upload.ts';

const TENANT = 'default';
const JOB_ID = '0193c5a8-7c1e-7d3f-9a55-2b7f4c9d8e10';
const UNKNOWN = '0193c5a8-7c1e-7d3f-9a55-000000000000';
const NOT_FOUND = { name: 'TaskError', code: 'TASK_FILE_NOT_FOUND' };
const CREATED_AT = Date.UTC(2026, 0, 31, 8);
const CUT = { itemsPerBatch: 2, batchesPerSegment: 2, batchBytes: 60_000 };

let now: number;
let made: number;
const clock = { now: () => now };
const ids = { newId: () => itemId(JOB_ID, 1_000_000 + made++) };

/** Counts the calls of `readMany`. */
class CountingTasks extends MemoryTasks {
  reads = 0;
  override readMany(tenant: string, of: readonly string[]) {
    this.reads++;
    return super.readMany(tenant, of);
  }
}

const open = () => {
  const ledger = new MemoryLedger();
  return {
    jobs: new MemoryJobs(),
    ledger,
    failures: ledger,
    uploads: new MemoryObjects(),
    contents: new MemoryContents(),
    messaging: new MemoryMessaging(),
    tasks: new CountingTasks(),
    clock,
    ids,
    cut: CUT,
  };
};
let ports: ReturnType<typeof open>;
beforeEach(() => {
  ports = open();
  now = CREATED_AT;
  made = 0;
});

const upload = (changes: Partial<Upload> = {}) =>
  uploadTaskFile(ports, { tenant: TENANT, fileName: 'tasks.csv', bytes: Buffer.from('title\nx\n'), ...changes });

/** A job in the middle of its work. */
const store = (changes: Partial<Job> = {}): Promise<Job> =>
  ports.jobs.create({
    ...newJob({
      tenant: TENANT,
      jobId: JOB_ID,
      name: 'tasks.csv',
      cut: CUT,
      source: { key: 'uploads/tasks.csv', etag: 'abc', bytes: 1_000 },
      createdAt: CREATED_AT,
    }),
    status: 'IN_PROGRESS',
    startedAt: CREATED_AT,
    ...changes,
  });

/** Reads all pages, and counts the entries of each. */
async function pagesOf<T>(
  list: (query: PageQuery) => Promise<{ items: readonly T[]; cursor?: string }>,
  limit: number,
) {
  const pages: (readonly T[])[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ limit, cursor });
    pages.push(page.items);
    ({ cursor } = page);
  } while (cursor !== undefined);
  return pages;
}

describe('uploading a task file', () => {
  it('stores the bytes under a key that names the task file, and returns it as new', async () => {
    const file = await upload({ fileName: 'Mai & Juni.csv' });
    expect(file).toMatchObject({ fileName: 'Mai & Juni.csv', status: 'NEW', recordCount: 0, totalIsFinal: false });
    expect(taskFile.parse(file)).toEqual(file);
    const key = `uploads/default/${file.id}/Mai & Juni.csv`;
    expect(ports.uploads.read(key)?.bytes).toEqual(Uint8Array.from(Buffer.from('title\nx\n')));
    expect(await ports.jobs.read({ tenant: TENANT, jobId: file.id })).toMatchObject({
      source: { key, bytes: 8 },
      cut: CUT,
    });
  });

  it('makes a task file of each request without a key', async () => {
    expect((await upload()).id).not.toBe((await upload()).id);
  });

  it('makes one task file of requests with one key', async () => {
    const first = await upload({ idempotencyKey: 'key' });
    now += 60_000;
    expect(await upload({ idempotencyKey: 'key' })).toEqual(first);
  });

  it('keeps the tolerance of the file', async () => {
    const tolerance = { failedPercent: 5, failedCount: 100 };
    const { id } = await upload({ tolerance });
    expect(await ports.jobs.read({ tenant: TENANT, jobId: id })).toMatchObject({ tolerance });
    const other = await upload();
    expect(await ports.jobs.read({ tenant: TENANT, jobId: other.id })).not.toHaveProperty('tolerance');
  });

  it('warns if an earlier file has the same bytes, and was not cancelled', async () => {
    const first = await upload();
    expect(first).not.toHaveProperty('warnings');
    const { warnings, id } = await upload({ fileName: 'again.csv' });
    expect(warnings).toMatchObject([{ code: 'SAME_CONTENT', message: expect.stringContaining(first.id) }]);
    expect((await getTaskFile(ports, TENANT, id)).warnings).toEqual(warnings);
    expect(await upload({ bytes: Buffer.from('title\ny\n') })).not.toHaveProperty('warnings');
    await cancelTaskFile({ ...ports, announcer: ports.messaging.announcer }, TENANT, id);
    expect(await upload()).not.toHaveProperty('warnings');
  });

  it('keeps the options for reading the file', async () => {
    const options = { timeZone: 'Europe/Berlin', nullWords: ['NA'] };
    const { id } = await upload({ options });
    expect(await ports.jobs.read({ tenant: TENANT, jobId: id })).toMatchObject({ options });
  });

  it.each([
    { bytes: Buffer.from('title\ny\n') },
    { options: { strict: true } },
    { fileName: 'other.csv' },
    { tolerance: { failedCount: 0 } },
  ])('refuses another upload under a key that was used: %j', async (other) => {
    await upload({ idempotencyKey: 'key' });
    const again = upload({ idempotencyKey: 'key', ...other });
    await expect(again).rejects.toMatchObject({ name: 'TaskError', code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('stores the bytes if an earlier try of the same request had not stored them', async () => {
    const { id } = await upload({ idempotencyKey: 'key' });
    const key = `uploads/default/${id}/tasks.csv`;
    ports.uploads.remove(key);
    await upload({ idempotencyKey: 'key' });
    expect(ports.uploads.version(key).bytes).toBe(8);
  });

  it('does not store the bytes again once the file is being processed', async () => {
    const { id } = await upload({ idempotencyKey: 'key' });
    const checkpoint = { byteOffset: 6, line: 2, nextItem: 0, nextBatch: 0 };
    await ports.jobs.start(
      { tenant: TENANT, jobId: id },
      { format: DEFAULT_FORMAT, header: ['title'], checkpoint, at: now },
    );
    ports.uploads.remove(`uploads/default/${id}/tasks.csv`);
    expect(await upload({ idempotencyKey: 'key' })).toMatchObject({ id, status: 'IN_PROGRESS' });
    expect(ports.uploads.read(`uploads/default/${id}/tasks.csv`)).toBeUndefined();
  });
});

describe('cancelling a task file', () => {
  const cancel = (id = JOB_ID) => cancelTaskFile({ ...ports, announcer: ports.messaging.announcer }, TENANT, id);

  it('stops it at once, and returns its state', async () => {
    await store({ checkpoint: { byteOffset: 500, line: 5, nextItem: 4, nextBatch: 2 } });
    const key = { tenant: TENANT, runId: JOB_ID, segment: 0 };
    await ports.ledger.record(key, [{ batch: 0, succeeded: 1, failed: 1, bytes: 250 }]);
    now += 2_000;
    const file = await cancel();
    expect(file).toMatchObject({
      id: JOB_ID,
      status: 'CANCELLED',
      recordCount: 4,
      processedCount: 1,
      failedCount: 1,
      unprocessedCount: 2,
      completedAt: new Date(now).toISOString(),
      etaSeconds: null,
    });
    expect(taskFile.parse(file)).toEqual(file);
    expect(ports.messaging.announced).toMatchObject([{ kind: 'cancelled', jobId: JOB_ID }]);
  });

  it('changes nothing if it is repeated', async () => {
    await store();
    const once = await cancel();
    now += 60_000;
    expect(await cancel()).toEqual(once);
    expect(ports.messaging.announced).toHaveLength(1);
  });

  it.each([
    ['COMPLETED', { status: 'COMPLETED' }],
    ['FAILED', { status: 'FAILED' }],
    ['about to complete', { seal: { itemCount: 0, batchCount: 0 } }],
  ] as const)('is refused for one that is %s, and says so', async (status, changes) => {
    const job = await store(changes);
    await expect(cancel()).rejects.toMatchObject({
      name: 'TaskError',
      code: 'NOT_CANCELLABLE',
      message: expect.stringContaining(status),
    });
    expect(await ports.jobs.read(job)).toEqual(job);
  });

  it('is refused for an unknown file', async () => {
    await expect(cancel(UNKNOWN)).rejects.toMatchObject(NOT_FOUND);
  });

  it('passes other errors on', async () => {
    await store();
    const announcer = { announce: () => Promise.reject(new Error('topic is down')) };
    await expect(cancelTaskFile({ ...ports, announcer }, TENANT, JOB_ID)).rejects.toThrow('topic is down');
  });
});

describe('reading task files', () => {
  it('counts what is recorded but not rolled up yet', async () => {
    const job = await store({ checkpoint: { byteOffset: 500, line: 6, nextItem: 4, nextBatch: 2 } });
    const key = { tenant: TENANT, runId: job.jobId, segment: 0 };
    await ports.ledger.record(key, [{ batch: 0, succeeded: 1, failed: 1, bytes: 250 }]);
    now += 2_000;
    expect(await getTaskFile(ports, TENANT, JOB_ID)).toMatchObject({
      status: 'IN_PROGRESS',
      recordCount: 4,
      processedCount: 1,
      failedCount: 1,
      unprocessedCount: 2,
      percent: 25,
      rowsPerSecond: 1,
      etaSeconds: 6,
    });
  });

  it('finds nothing under an unknown id, or under another tenant', async () => {
    await store();
    for (const [tenant, id] of [
      [TENANT, UNKNOWN],
      ['other', JOB_ID],
    ] as const) {
      const query = { limit: 5 };
      await expect(getTaskFile(ports, tenant, id)).rejects.toMatchObject(NOT_FOUND);
      await expect(listTasksOfFile(ports, tenant, id, query)).rejects.toMatchObject(NOT_FOUND);
      await expect(listFailuresOfFile(ports, tenant, id, query)).rejects.toMatchObject(NOT_FOUND);
    }
  });

  it('lists them newest first, page by page, all or of one status', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      now += 1_000;
      await upload({ fileName: name });
    }
    await store({ status: 'COMPLETED', seal: { itemCount: 0, batchCount: 0 }, completedAt: now });
    const all = await pagesOf((query) => listTaskFiles(ports, TENANT, query), 2);
    expect(all.flat().map(({ fileName }) => fileName)).toEqual(['e', 'd', 'c', 'b', 'a', 'tasks.csv']);
    const completed = await pagesOf((query) => listTaskFiles(ports, TENANT, { ...query, status: 'COMPLETED' }), 2);
    expect(completed.flat()).toMatchObject([{ fileName: 'tasks.csv', percent: 100, etaSeconds: 0 }]);
    await expect(listTaskFiles(ports, TENANT, { limit: 5, cursor: 'x' })).rejects.toMatchObject({
      name: 'CursorError',
    });
  });
});

describe('the tasks of a file', () => {
  const at = new Date(CREATED_AT).toISOString();
  const putRow = (index: number): Promise<void> => {
    const content = { title: `Row ${index + 2}`, isComplete: false };
    const origin = { taskFileId: JOB_ID, row: index + 2 };
    return ports.tasks.putRows(TENANT, [
      { id: itemId(JOB_ID, index), item: { content, createdAt: at, updatedAt: at, version: 1, origin } },
    ]);
  };
  const list = (query: PageQuery) => listTasksOfFile(ports, TENANT, JOB_ID, query);
  const sealed = (itemCount: number) => store({ seal: { itemCount, batchCount: Math.ceil(itemCount / 2) } });

  it('are in row order, without rows that failed, wait or were deleted, in pages of any size', async () => {
    await sealed(11);
    for (const index of [0, 1, 4, 5, 7, 10]) await putRow(index);
    await ports.tasks.voidRows(TENANT, [itemId(JOB_ID, 5)], { run: 0, batch: 0 });
    await ports.tasks.putEdit(TENANT, itemId(JOB_ID, 7), { kind: 'deleted', version: 2 }, undefined);
    for (const limit of [1, 2, 3, 4, 10, 11, 100]) {
      const pages = await pagesOf(list, limit);
      expect(pages.flat().map(({ row }) => row)).toEqual([2, 3, 6, 12]);
      expect(pages.every((page) => page.length <= limit)).toBe(true);
    }
  });

  it('of a file that is still being read end at the checkpoint', async () => {
    await store({ checkpoint: { byteOffset: 100, line: 4, nextItem: 2, nextBatch: 1 } });
    for (const index of [0, 1, 2]) await putRow(index);
    expect((await list({ limit: 10 })).items.map(({ row }) => row)).toEqual([2, 3]);
  });

  it('do not exist in a file without rows', async () => {
    await sealed(0);
    expect(await list({ limit: 10 })).toEqual({ items: [] });
  });

  it('are found with bounded work where most rows failed', async () => {
    await sealed(1_000_000);
    await putRow(60);
    const first = await list({ limit: 2 });
    expect(first).toEqual({ items: [], cursor: expect.any(String) });
    expect(ports.tasks.reads).toBe(20);
    const second = await list({ limit: 2, cursor: String(first.cursor) });
    expect(second.items.map(({ row }) => row)).toEqual([62]);
    expect(second.cursor).toBeDefined();
    expect(ports.tasks.reads).toBe(40);
  });

  it.each([
    ['no JSON', 'x'],
    ['negative', Buffer.from('{"item":-1}').toString('base64url')],
    ['of another list', Buffer.from('{"segment":0,"batch":0,"item":0}').toString('base64url')],
  ])('are refused for a cursor that is %s', async (_, cursor) => {
    await sealed(3);
    await expect(list({ limit: 5, cursor })).rejects.toMatchObject({ name: 'CursorError' });
  });

  it('are none after a cursor beyond them', async () => {
    await sealed(3);
    const cursor = Buffer.from(`{"item":${Number.MAX_SAFE_INTEGER}}`).toString('base64url');
    expect(await list({ limit: 5, cursor })).toEqual({ items: [] });
  });
});

describe('the failed rows of a file', () => {
  const list = (query: PageQuery) => listFailuresOfFile(ports, TENANT, JOB_ID, query);

  beforeEach(async () => {
    await store({ seal: { itemCount: 10, batchCount: 5 } });
    for (const batch of [4, 0, 1]) {
      const key = { tenant: TENANT, runId: JOB_ID, segment: Math.floor(batch / 2) };
      const failures = [0, 1].map((position) => {
        const index = batch * 2 + position;
        return {
          index,
          line: index + 2,
          code: 'REQUIRED',
          column: 'title',
          message: 'title is empty',
          cells: ['', 'x'],
        };
      });
      await ports.failures.keep(key, { batch, reference: 'a', failures });
      await ports.ledger.record(key, [{ batch, succeeded: 0, failed: 2, bytes: 10, failuresReference: 'a' }]);
    }
  });

  it('are in row order, in pages of any size', async () => {
    for (const limit of [1, 2, 4, 5, 6, 100]) {
      const pages = await pagesOf(list, limit);
      expect(pages.flat().map(({ row }) => row)).toEqual([2, 3, 4, 5, 10, 11]);
      expect(pages.every((page) => page.length <= limit)).toBe(true);
    }
  });

  it('say what was wrong, and show no other cell', async () => {
    const { items } = await list({ limit: 1 });
    expect(items).toEqual([{ row: 2, line: 2, column: 'title', code: 'REQUIRED', message: 'title is empty' }]);
  });

  it('are refused for a cursor of another list', async () => {
    const cursor = Buffer.from('{"item":0}').toString('base64url');
    await expect(list({ limit: 5, cursor })).rejects.toMatchObject({ name: 'CursorError' });
  });
});

import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { CursorError } from '../../../src/contract/index.ts';
import type { Claim, EditItem, StoredTask, TaskItem, Tasks } from '../../../src/tasks/index.ts';

const AT = '2026-01-31T08:00:00.000Z';
const DIGITS = Array.from({ length: 16 }, (_, digit) => digit.toString(16));

const anItem = (title = 'Order paint', changes: Partial<TaskItem> = {}): TaskItem => ({
  content: { title, detail: 'Größe 😀 \u0000\uffff', dueAt: AT, isComplete: true },
  createdAt: AT,
  updatedAt: AT,
  version: 1,
  ...changes,
});

const aRow = (row: number): TaskItem => ({
  ...anItem(`Row ${row}`),
  origin: { taskFileId: '0193c5a8-7c1e-7d3f-9a55-2b7f4c9d8e10', row },
});

const changed = (title: string, version = 2): EditItem => ({
  kind: 'changed',
  content: { title, isComplete: false },
  updatedAt: '2026-02-01T08:00:00.000Z',
  version,
});
const deleted: EditItem = { kind: 'deleted', version: 2 };
const voided: EditItem = { kind: 'voided', version: 0, run: 0, batch: 0 };
const restored = (run: number): EditItem => ({ kind: 'restored', version: 1, run });

const aClaim = (changes: Partial<Claim> = {}): Claim => ({
  digest: 'digest',
  id: randomUUID(),
  createdAt: AT,
  isDone: false,
  ...changes,
});

/** An id that ends with a given digit, because a store may spread tasks by that. */
const idEndingWith = (digit: string): string => randomUUID().slice(0, -1) + digit;

/** The properties of a task store that the use cases and the import rely on. */
export const tasksContract = (name: string, open: () => Promise<Tasks>): void =>
  describe(`${name} keeps the contract of Tasks`, () => {
    let tasks: Tasks;
    let tenant: string;
    beforeAll(async () => {
      tasks = await open();
      tenant = randomUUID();
    });

    const putRow = async (row = 2): Promise<{ id: string; item: TaskItem }> => {
      const one = { id: randomUUID(), item: aRow(row) };
      await tasks.putRows(tenant, [one]);
      return one;
    };

    describe('items', () => {
      it('are returned as they were stored, whatever their text', async () => {
        const id = randomUUID();
        const item = anItem('"\\\u0000\u001f\u007f\u2028\ufffe\uffff👩‍👩‍👧');
        expect(await tasks.putItem(tenant, id, item, undefined)).toBe(true);
        expect(await tasks.read(tenant, id)).toEqual({ id, item });
      });

      it('keep an empty text, and leave absent fields absent', async () => {
        const id = randomUUID();
        const item = anItem('x', { content: { title: 'x', detail: '', isComplete: false } });
        await tasks.putItem(tenant, id, item, undefined);
        expect(await tasks.read(tenant, id)).toEqual({ id, item });
      });

      it('are absent under an unknown id, and under another tenant', async () => {
        const id = randomUUID();
        expect(await tasks.read(tenant, id)).toEqual({ id });
        await tasks.putItem(tenant, id, anItem(), undefined);
        expect(await tasks.read(randomUUID(), id)).toEqual({ id });
      });

      it('are read many at once, in the order asked for, with their edits', async () => {
        const rows = DIGITS.flatMap((digit) =>
          [0, 1, 2, 3].map((row) => ({ id: idEndingWith(digit), item: aRow(row) })),
        );
        const edited = rows[7]!;
        await tasks.putRows(tenant, rows);
        await tasks.putEdit(tenant, edited.id, changed('new'), undefined);
        const unknown = randomUUID();
        const ids = [unknown, ...rows.map(({ id }) => id).toReversed()];
        const expected: StoredTask[] = rows.toReversed().map((row) => ({ ...row }));
        expected[rows.length - 1 - 7] = { ...edited, edit: changed('new') };
        expect(await tasks.readMany(tenant, ids)).toEqual([{ id: unknown }, ...expected]);
        expect(await tasks.readMany(tenant, [])).toEqual([]);
      });

      it('are created once', async () => {
        const id = randomUUID();
        await tasks.putItem(tenant, id, anItem('first'), undefined);
        expect(await tasks.putItem(tenant, id, anItem('second'), undefined)).toBe(false);
        expect(await tasks.read(tenant, id)).toEqual({ id, item: anItem('first') });
      });

      it('are changed only if the version is the one that was read', async () => {
        const id = randomUUID();
        const second = anItem('second', { version: 2 });
        expect(await tasks.putItem(tenant, id, second, 1)).toBe(false);
        await tasks.putItem(tenant, id, anItem(), undefined);
        expect(await tasks.putItem(tenant, id, second, 1)).toBe(true);
        expect(await tasks.putItem(tenant, id, anItem('late', { version: 2 }), 1)).toBe(false);
        expect(await tasks.read(tenant, id)).toEqual({ id, item: second });
      });

      it('are changed by one of many callers that read the same version', async () => {
        const id = randomUUID();
        await tasks.putItem(tenant, id, anItem(), undefined);
        const results = await Promise.all(
          Array.from({ length: 10 }, (_, index) => tasks.putItem(tenant, id, anItem(`${index}`, { version: 2 }), 1)),
        );
        expect(results.filter(Boolean)).toHaveLength(1);
        expect((await tasks.read(tenant, id)).item?.content.title).toBe(String(results.indexOf(true)));
      });

      it('are removed once, if the version is the one that was read', async () => {
        const id = randomUUID();
        await tasks.putItem(tenant, id, anItem(), undefined);
        expect(await tasks.removeItem(tenant, id, 2)).toBe(false);
        expect(await tasks.removeItem(tenant, id, 1)).toBe(true);
        expect(await tasks.removeItem(tenant, id, 1)).toBe(false);
        expect(await tasks.read(tenant, id)).toEqual({ id });
      });
    });

    describe('edit items', () => {
      it.each([changed('new'), deleted, voided])('are stored beside the row item: %j', async (edit) => {
        const row = await putRow();
        expect(await tasks.putEdit(tenant, row.id, edit, undefined)).toBe(true);
        expect(await tasks.read(tenant, row.id)).toEqual({ ...row, edit });
      });

      it('change only if the version is the one that was read', async () => {
        const { id } = await putRow();
        expect(await tasks.putEdit(tenant, id, changed('a'), 1)).toBe(false);
        await tasks.putEdit(tenant, id, changed('a'), undefined);
        expect(await tasks.putEdit(tenant, id, changed('b'), undefined)).toBe(false);
        expect(await tasks.putEdit(tenant, id, changed('c', 3), 2)).toBe(true);
        expect(await tasks.putEdit(tenant, id, changed('d', 3), 2)).toBe(false);
        expect((await tasks.read(tenant, id)).edit).toEqual(changed('c', 3));
      });

      it('of a caller do not replace a void', async () => {
        const { id } = await putRow();
        await tasks.voidRows(tenant, [id], { run: 0, batch: 0 });
        expect(await tasks.putEdit(tenant, id, changed('a'), undefined)).toBe(false);
        expect((await tasks.read(tenant, id)).edit).toEqual(voided);
      });
    });

    describe('rows', () => {
      it('are stored in any number, and a second time without an effect', async () => {
        const rows = Array.from({ length: 130 }, (_, row) => ({ id: randomUUID(), item: aRow(row) }));
        const ids = rows.map(({ id }) => id);
        await tasks.putRows(tenant, rows);
        await tasks.putRows(tenant, rows.toReversed());
        expect(await tasks.readMany(tenant, ids)).toEqual(rows);
        await tasks.putRows(tenant, []);
      });

      it.each([changed('mine'), deleted, voided])('never replace an edit item: %j', async (edit) => {
        const row = await putRow();
        await tasks.putEdit(tenant, row.id, edit, undefined);
        await tasks.putRows(tenant, [row]);
        expect(await tasks.read(tenant, row.id)).toEqual({ ...row, edit });
      });

      it('are voided whether they are stored or not, and a second time without an effect', async () => {
        const row = await putRow();
        const absent = randomUUID();
        for (const _ of ['once', 'again']) {
          expect(await tasks.voidRows(tenant, [row.id, absent], { run: 0, batch: 0 })).toEqual(new Set());
          expect(await tasks.readMany(tenant, [row.id, absent])).toEqual([
            { ...row, edit: voided },
            { id: absent, edit: voided },
          ]);
        }
      });

      it('are not voided but returned if a caller has edited or deleted them', async () => {
        const [edited, gone, free] = [await putRow(), await putRow(), await putRow()];
        await tasks.putEdit(tenant, edited.id, changed('mine'), undefined);
        await tasks.putEdit(tenant, gone.id, deleted, undefined);
        const inUse = await tasks.voidRows(tenant, [edited.id, gone.id, free.id], { run: 0, batch: 0 });
        expect(inUse).toEqual(new Set([edited.id, gone.id]));
        expect(await tasks.readMany(tenant, [edited.id, gone.id, free.id])).toEqual([
          { ...edited, edit: changed('mine') },
          { ...gone, edit: deleted },
          { ...free, edit: voided },
        ]);
        expect(await tasks.voidRows(tenant, [], { run: 0, batch: 0 })).toEqual(new Set());
      });

      it('are either edited or voided if both happen at once', async () => {
        const rows = await Promise.all(Array.from({ length: 10 }, () => putRow()));
        for (const { id } of rows) {
          const [isEdited, inUse] = await Promise.all([
            tasks.putEdit(tenant, id, changed('mine'), undefined),
            tasks.voidRows(tenant, [id], { run: 0, batch: 0 }),
          ]);
          expect(inUse.has(id)).toBe(isEdited);
          expect((await tasks.read(tenant, id)).edit).toEqual(isEdited ? changed('mine') : voided);
        }
      });

      it('are visible again when their void is taken back, and keep the edit of a caller', async () => {
        const [hidden, edited, gone, plain] = [await putRow(), await putRow(), await putRow(), await putRow()];
        await tasks.voidRows(tenant, [hidden.id], { run: 0, batch: 0 });
        await tasks.putEdit(tenant, edited.id, changed('mine'), undefined);
        await tasks.putEdit(tenant, gone.id, deleted, undefined);
        for (const _ of ['once', 'again']) {
          await tasks.restoreRows(tenant, [hidden.id, edited.id, gone.id, plain.id, randomUUID()], 0);
          expect(await tasks.readMany(tenant, [hidden.id, edited.id, gone.id, plain.id])).toEqual([
            { ...hidden, edit: restored(0) },
            { ...edited, edit: changed('mine') },
            { ...gone, edit: deleted },
            plain,
          ]);
        }
      });

      it('are voided, restored and released by a later run, and after that by no earlier run', async () => {
        const { id } = await putRow();
        const editNow = async (): Promise<EditItem | undefined> => (await tasks.read(tenant, id)).edit;
        await tasks.voidRows(tenant, [id], { run: 0, batch: 0 });
        await tasks.releaseRows(tenant, [id], 1);
        expect(await editNow()).toEqual(restored(1));
        expect(await tasks.voidRows(tenant, [id], { run: 0, batch: 0 })).toEqual(new Set([id]));
        expect(await editNow()).toEqual(restored(1));
        expect(await tasks.voidRows(tenant, [id], { run: 1, batch: 0 })).toEqual(new Set());
        await tasks.releaseRows(tenant, [id], 1);
        await tasks.restoreRows(tenant, [id], 0);
        expect(await editNow()).toEqual({ ...voided, run: 1 });
        await tasks.restoreRows(tenant, [id], 1);
        expect(await editNow()).toEqual(restored(1));
      });

      it('are released whether they were voided or not, and keep the edit of a caller', async () => {
        const [plain, edited] = [await putRow(), await putRow()];
        await tasks.putEdit(tenant, edited.id, changed('mine'), undefined);
        await tasks.releaseRows(tenant, [plain.id, edited.id], 2);
        expect((await tasks.readMany(tenant, [plain.id, edited.id])).map(({ edit }) => edit)).toEqual([
          restored(2),
          changed('mine'),
        ]);
      });
    });

    describe('list', () => {
      /** Stores tasks in every way, in every partition. Resolves to all of them by id. */
      async function everyKindOf(owner: string): Promise<Map<string, StoredTask>> {
        const stored = DIGITS.flatMap((digit, position): StoredTask[] =>
          [
            { item: aRow(1), edit: changed('mine') },
            { item: aRow(2) },
            { item: aRow(3), edit: deleted },
            { edit: voided },
            { item: anItem() },
            { item: aRow(4), edit: voided },
          ]
            .slice(0, (position * 5) % 7)
            .map((task) => ({ id: idEndingWith(digit), ...task })),
        );
        for (const { id, item, edit } of stored) {
          if (item) await tasks.putItem(owner, id, item, undefined);
          if (edit) await tasks.putEdit(owner, id, edit, undefined);
        }
        return new Map(stored.map((task) => [task.id, task]));
      }

      /** Reads page after page to the end. Fails if a page is longer than asked for, or if the list never ends. */
      async function allPages(owner: string, limit: number): Promise<readonly StoredTask[]> {
        const found: StoredTask[] = [];
        let cursor: string | undefined;
        for (let page = 0; page < 200; page++) {
          const result = await tasks.list(owner, { limit, cursor });
          expect(result.items.length).toBeLessThanOrEqual(limit);
          found.push(...result.items);
          cursor = result.cursor;
          if (cursor === undefined) return found;
        }
        throw new Error('the list does not end');
      }

      it('is empty for a tenant without tasks', async () => {
        expect(await allPages(randomUUID(), 5)).toEqual([]);
      });

      it('lists each task once with its edit, by pages of any size', async () => {
        const owner = randomUUID();
        const stored = await everyKindOf(owner);
        await putRow();
        for (const limit of [1, 2, 3, 4, 5, 7, 11, 100]) {
          const found = await allPages(owner, limit);
          expect([limit, found.length]).toEqual([limit, stored.size]);
          expect(new Map(found.map((task) => [task.id, task]))).toEqual(stored);
        }
      });

      it('neither repeats nor loses a task while others are created and removed', async () => {
        const owner = randomUUID();
        const stored = await everyKindOf(owner);
        const first = await tasks.list(owner, { limit: 9 });
        const gone = first.items.find(({ item, edit }) => item && !edit);
        await tasks.removeItem(owner, gone?.id ?? '', 1);
        await tasks.putItem(owner, idEndingWith('0'), anItem(), undefined);
        const rest = await tasks.list(owner, { limit: 100, cursor: first.cursor });
        const found = [...first.items, ...rest.items].filter(({ id }) => stored.has(id));
        expect(new Set(found.map(({ id }) => id))).toEqual(new Set(stored.keys()));
        expect(found).toHaveLength(stored.size);
      });

      const toCursor = (position: unknown): string => Buffer.from(JSON.stringify(position)).toString('base64url');
      it.each([
        ['empty', ''],
        ['no base64', '😀'],
        ['no JSON', 'x'],
        ['no position', toCursor([])],
        ['before the first partition', toCursor({ partition: -1, after: '' })],
        ['after the last partition', toCursor({ partition: 16, after: '' })],
        ['between two partitions', toCursor({ partition: 0.5, after: '' })],
        ['a number', toCursor({ partition: 0, after: 1 })],
        ['a position of another kind', toCursor({ partition: 0, after: 'x' })],
        ['endless', toCursor({ partition: 0, after: 'x'.repeat(10_000) })],
        ['no text', toCursor({ partition: 0, after: '\ud800' })],
      ])('refuses a cursor that it did not issue: %s', async (_, cursor) => {
        await expect(tasks.list(tenant, { limit: 5, cursor })).rejects.toBeInstanceOf(CursorError);
      });
    });

    describe('claims', () => {
      const key = (): string => `k-${randomUUID()} 😀 #/"`;

      it('belong to the first request', async () => {
        const [one, claim] = [key(), aClaim()];
        expect(await tasks.claim(tenant, one, claim)).toEqual(claim);
        expect(await tasks.claim(tenant, one, claim)).toEqual(claim);
        expect(await tasks.claim(tenant, one, aClaim({ digest: 'another' }))).toEqual(claim);
      });

      it('belong to one of many requests at once, and every request learns to which', async () => {
        const one = key();
        const claims = Array.from({ length: 10 }, () => aClaim());
        const results = await Promise.all(claims.map((claim) => tasks.claim(tenant, one, claim)));
        expect(results).toEqual(results.map(() => results[0]));
        expect(claims).toContainEqual(results[0]);
      });

      it('are done for every later request once their task is stored', async () => {
        const [one, claim] = [key(), aClaim()];
        await tasks.claim(tenant, one, claim);
        await tasks.finishClaim(tenant, one);
        await tasks.finishClaim(tenant, one);
        expect(await tasks.claim(tenant, one, aClaim())).toEqual({ ...claim, isDone: true });
      });

      it('are kept apart by key and tenant', async () => {
        const [one, claim] = [key(), aClaim()];
        await tasks.claim(tenant, one, aClaim());
        expect(await tasks.claim(randomUUID(), one, claim)).toEqual(claim);
        expect(await tasks.claim(tenant, `${one}2`, claim)).toEqual(claim);
      });

      it('cannot be finished if they are not stored', async () => {
        const [one, claim] = [key(), aClaim()];
        await tasks.finishClaim(tenant, one);
        expect(await tasks.claim(tenant, one, claim)).toEqual(claim);
      });
    });
  });

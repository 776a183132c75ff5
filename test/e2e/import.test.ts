import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { csv, row, rows } from './support/csv.ts';
import { linkedPages } from './support/pages.ts';
import { startService, type Service } from './support/service.ts';
import { until } from './support/until.ts';

const broken = join(import.meta.dirname, '..', '..', 'samples', 'broken.csv');

const DATE =
  'dueAt is not an ISO 8601 date, time and offset, such as 2026-01-31T08:00:00Z, 2026-01-31T08:00+01:00 or 2026-01-31 08:00:00+00.';
const WORD = 'isComplete is neither true nor false. Allowed: true, false, yes, no, on, off, t, f, y, n, 1, 0.';
const date = (row: number, line: number, value: string) => ({
  row,
  line,
  column: 'dueAt',
  value,
  code: 'INVALID_DATE',
  message: DATE,
});
const noOffset = (row: number, line: number, value: string) => ({
  ...date(row, line, value),
  message:
    'dueAt has no offset. Write one, such as 2026-01-31T08:00:00+01:00, or upload the file with its time zone, ' +
    'such as timeZone=Europe/Berlin.',
});
const word = (row: number, line: number, value: string) => ({
  row,
  line,
  column: 'isComplete',
  value,
  code: 'INVALID_BOOLEAN',
  message: WORD,
});
const noTitle = (row: number, line: number) => ({
  row,
  line,
  column: 'title',
  code: 'REQUIRED',
  message: 'title is empty. Every task needs one.',
});
const tooLong = (row: number, line: number, column: string, length: number, max: string) => ({
  row,
  line,
  column,
  value: expect.stringMatching(new RegExp(`^.{${length}}$`)),
  code: 'TOO_LONG',
  message: `${column} is longer than ${max} characters.`,
});

describe('a file of rows', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.stop());

  it('goes from NEW to IN_PROGRESS to COMPLETED, with exact counts', async () => {
    // Starts the function, so that it is not cold while the file is processed.
    const unknown = { id: '01a21894-bf90-7576-8739-a7f44072cdc3' };
    await expect(service.client.getTaskFile({ params: unknown })).rejects.toMatchObject({ status: 404 });
    const uploaded = await service.client.uploadTasks({ query: { fileName: 'flow.csv' }, body: csv(rows(5_000)) });
    expect(uploaded).toMatchObject({ status: 'NEW', recordCount: 0, percent: 0, etaSeconds: null });
    expect(uploaded).not.toHaveProperty('startedAt');
    const seen = new Set([uploaded.status]);
    const ended = await until(
      'COMPLETED',
      () => service.client.getTaskFile({ params: { id: uploaded.id } }),
      ({ status }) => seen.add(status).has('COMPLETED'),
    );
    expect([...seen]).toEqual(['NEW', 'IN_PROGRESS', 'COMPLETED']);
    // The report may already be written.
    const { reportedAt: _, ...counted } = ended;
    expect(counted).toEqual({
      id: uploaded.id,
      fileName: 'flow.csv',
      status: 'COMPLETED',
      recordCount: 5_000,
      totalIsFinal: true,
      processedCount: 5_000,
      failedCount: 0,
      unprocessedCount: 0,
      percent: 100,
      rowsPerSecond: expect.any(Number),
      etaSeconds: 0,
      format: { type: 'csv', encoding: 'utf-8', delimiter: ',' },
      createdAt: uploaded.createdAt,
      startedAt: expect.any(String),
      completedAt: expect.any(String),
    });
    const { createdAt, startedAt = '', completedAt = '' } = ended;
    expect([createdAt, startedAt, completedAt].toSorted()).toEqual([createdAt, startedAt, completedAt]);
  });

  it('becomes tasks in row order, with the values of the rows', async () => {
    const cells = [
      row(1, {
        title: '  Trim the hedge  ',
        detail: '\tboth sides ',
        dueAt: ' 2027-03-06T07:00:00Z ',
        isComplete: ' no ',
      }),
      row(2, { dueAt: '2027-03-05T12:00:00+05:45', isComplete: 'YES' }),
      row(3, { dueAt: '2027-12-31T23:30:00-08:00', isComplete: '' }),
      row(4, { detail: '', dueAt: '', isComplete: '1' }),
    ];
    const { id, createdAt } = await service.process(csv(cells));
    const tasks = await service.tasksOf(id);
    const common = { id: expect.any(String), createdAt, updatedAt: createdAt, taskFileId: id };
    expect(tasks).toEqual(
      [
        { title: 'Trim the hedge', detail: 'both sides', dueAt: '2027-03-06T07:00:00.000Z', isComplete: false, row: 2 },
        { title: 'Task 2', detail: expect.any(String), dueAt: '2027-03-05T06:15:00.000Z', isComplete: true, row: 3 },
        { title: 'Task 3', detail: expect.any(String), dueAt: '2028-01-01T07:30:00.000Z', isComplete: false, row: 4 },
        { title: 'Task 4', isComplete: true, row: 5 },
      ].map((task) => ({ ...common, ...task })),
    );
    for (const task of tasks) expect(await service.client.getTask({ params: { id: task.id } })).toEqual(task);
  });

  it('fails a row whose instant in UTC is outside the years 0000 to 9999', async () => {
    const [early, late] = ['0000-01-01T00:00:00+00:01', '9999-12-31T23:59:59-00:01'];
    const { id } = await service.process(
      csv([
        row(1, { dueAt: early }),
        row(2, { dueAt: late }),
        row(3, { dueAt: '0000-01-01T00:00:00-00:01' }),
        row(4, { dueAt: '9999-12-31T23:59:59+00:01' }),
      ]),
    );
    expect(await service.failuresOf(id)).toEqual([date(2, 2, early), date(3, 3, late)]);
    const dates = (await service.tasksOf(id)).map(({ dueAt }) => dueAt);
    expect(dates).toEqual(['0000-01-01T00:01:00.000Z', '9999-12-31T23:58:59.000Z']);
  });

  it('may say yes and no in several words, in any case', async () => {
    const yes = ['true', 'TRUE', 'True', '1', 'yes', 'YES', 'Yes', 'yEs'];
    const no = ['false', 'FALSE', 'False', '0', 'no', 'NO', 'No', ''];
    const { id } = await service.process(csv([...yes, ...no].map((isComplete, n) => row(n, { isComplete }))));
    const tasks = await service.tasksOf(id);
    expect(tasks.map(({ isComplete }) => isComplete)).toEqual([...yes.map(() => true), ...no.map(() => false)]);
  });

  it('lists each of its tasks once over the pages of the Link header', async () => {
    const { id } = await service.process(csv(rows(61)));
    const pages = await linkedPages<{ row?: number }>(service, `/task-files/${id}/tasks?limit=7`);
    expect(pages.map(({ length }) => length)).toEqual([7, 7, 7, 7, 7, 7, 7, 7, 5]);
    expect(pages.flat().map(({ row }) => row)).toEqual(Array.from({ length: 61 }, (_, n) => n + 2));
  });

  describe('samples/broken.csv', () => {
    let id: string;
    beforeAll(async () => {
      ({ id } = await service.process(await readFile(broken, 'utf8'), 'broken.csv'));
    });

    it('is COMPLETED with exact counts', async () => {
      const numbers = { recordCount: 22, processedCount: 9, failedCount: 13, unprocessedCount: 0, percent: 100 };
      const file = await service.client.getTaskFile({ params: { id } });
      expect(file).toMatchObject({ status: 'COMPLETED', ...numbers });
    });

    it('lists each bad row with its line, the refused value and what is accepted', async () => {
      expect(await service.failuresOf(id)).toEqual([
        noTitle(3, 3),
        noTitle(5, 5),
        tooLong(7, 7, 'title', 101, '100'),
        tooLong(9, 9, 'detail', 1_001, '1000'),
        date(11, 12, 'next Tuesday'),
        noOffset(12, 13, '2027-03-04'),
        noOffset(13, 14, '2027-03-04T09:00:00'),
        date(15, 16, '2027-02-30T09:00:00Z'),
        date(16, 17, '2027-03-05T25:00:00Z'),
        date(17, 18, '05/03/2027 09:00'),
        word(19, 20, 'maybe'),
        word(20, 21, '2'),
        {
          row: 21,
          line: 22,
          code: 'TOO_MANY_FIELDS',
          message: 'The row has 6 fields, the header has 4; a field that contains the delimiter must be quoted.',
        },
      ]);
    });

    it.each([1, 2, 3, 5, 12, 13, 14])('lists its failures in pages of %i', async (limit) => {
      const pages = await linkedPages<{ row: number }>(service, `/task-files/${id}/failures?limit=${limit}`);
      expect(pages.flat().map(({ row }) => row)).toEqual([3, 5, 7, 9, 11, 12, 13, 15, 16, 17, 19, 20, 21]);
      expect(pages).toHaveLength(Math.ceil(13 / limit));
      for (const page of pages) expect(page.length).toBeLessThanOrEqual(limit);
    });

    it('stores the good rows as tasks, in row order', async () => {
      const tasks = await service.tasksOf(id);
      expect(tasks.map(({ row, title }) => [row, title])).toEqual([
        [2, 'Sort the post'],
        [4, 'Feed the cat'],
        [6, expect.stringMatching(/^.{100}$/)],
        [8, 'Read the long note'],
        [10, 'Hang the gate, the left one'],
        [14, 'Book the ferry'],
        [18, 'Trim the hedge'],
        [22, 'Łódź: naprawić lampę'],
        [23, 'Stop early'],
      ]);
      expect(tasks[4]?.detail).toBe('Hinges, screws,\nand "new" paint');
      expect(tasks[7]).toMatchObject({
        detail: '部屋の鍵を返す 🔑',
        dueAt: '2027-03-07T07:00:00.500Z',
        isComplete: true,
      });
    });
  });

  it('keeps failures in row order over many batches and segments', async () => {
    const isBad = (number: number) => number % 250 === 0 || number === 1;
    const ended = await service.process(csv(rows(6_000, (number) => (isBad(number) ? { title: '' } : {}))));
    expect(ended).toMatchObject({ status: 'COMPLETED', recordCount: 6_000, processedCount: 5_975, failedCount: 25 });
    const failures = await service.failuresOf(ended.id);
    const numbers = [1, ...Array.from({ length: 24 }, (_, n) => (n + 1) * 250)];
    expect(failures.map(({ row, line }) => [row, line])).toEqual(numbers.map((number) => [number + 1, number + 1]));
  });
});

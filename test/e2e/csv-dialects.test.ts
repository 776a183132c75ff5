import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RowFailure, Task, TaskFile } from '../../src/contract/index.ts';
import { uploadFile } from '../../client/index.ts';
import { csv, row, rows } from './support/csv.ts';
import { seed } from './support/seed.ts';
import { startService, type Service } from './support/service.ts';
import { until } from './support/until.ts';

interface Outcome {
  readonly file: TaskFile;
  readonly tasks: readonly Task[];
  readonly failures: readonly RowFailure[];
}

describe('a CSV file as callers have it', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.stop());

  async function outcomeOf(content: string | Uint8Array<ArrayBuffer>): Promise<Outcome> {
    const file = await service.process(content);
    const [tasks, failures] = [await service.tasksOf(file.id), await service.failuresOf(file.id)];
    expect(file).toMatchObject({ status: 'COMPLETED', processedCount: tasks.length, failedCount: failures.length });
    return { file, tasks, failures };
  }
  const titles = ({ tasks }: Outcome) => tasks.map(({ title }) => title);
  const locations = ({ failures }: Outcome) => failures.map(({ row, line, code }) => [row, line, code]);

  it('may begin with a byte-order mark', async () => {
    expect(titles(await outcomeOf('\uFEFFtitle,detail\nOne,1\n'))).toEqual(['One']);
    expect(titles(await outcomeOf('\uFEFF"title",detail\nOne,1\n'))).toEqual(['One']);
  });

  it('is read by the options of its upload, given in the query, a form or JSON, also in a redrive', async () => {
    const { client } = service;
    const options = {
      timeZone: 'Europe/Berlin',
      nullWords: ['NA', 'n/a'],
      encoding: 'windows-1251',
      delimiter: ';',
    } as const;
    const text = Buffer.concat([
      Buffer.from('title;detail;dueAt\n'),
      Buffer.from([0xcf, 0xf0, 0xe8]),
      Buffer.from(';NA;2026-07-31 08:00\nNA;x;\n'),
    ]);
    const body = Uint8Array.from(text);
    const form = new FormData();
    form.set('file', new File([body], 'form.csv'));
    for (const [name, value] of Object.entries(options)) form.set(name, String(value));
    const uploads = [
      client.uploadTasks({ query: options, body, contentType: 'application/octet-stream' }),
      client.uploadTasks({ body: form }),
      uploadFile(client, new Blob([body]), {
        ...options,
        nullWords: [...options.nullWords],
        fileName: 'presigned.csv',
      }),
    ];
    for (const { id } of await Promise.all(uploads)) {
      expect(await service.ended(id)).toMatchObject({ processedCount: 1, failedCount: 1, format: { asked: options } });
      expect(await service.tasksOf(id)).toMatchObject([{ title: 'При', dueAt: '2026-07-31T06:00:00.000Z' }]);
      expect((await service.tasksOf(id))[0]).not.toHaveProperty('detail');
      await client.redriveTaskFile({ params: { id } });
      await service.redriven(id);
      expect(await service.failuresOf(id)).toMatchObject([{ row: 3, code: 'REQUIRED' }]);
    }
  });

  it('is refused for an unknown column if the upload is strict', async () => {
    const { id } = await service.client.uploadTasks({ query: { strict: true }, body: 'title,Due date\nA,\n' });
    expect(await service.ended(id)).toMatchObject({
      status: 'FAILED',
      failure: { code: 'UNKNOWN_COLUMNS', message: expect.stringContaining('"Due date" (did you mean dueAt?)') },
    });
  });

  it.each([
    ['CRLF', '\r\n'],
    ['LF', '\n'],
    ['CR', '\r'],
  ])('may end its lines with %s', async (_, lineEnd) => {
    const outcome = await outcomeOf(csv([...rows(3), row(4, { title: '' }), row(5)], { lineEnd }));
    expect(titles(outcome)).toEqual(['Task 1', 'Task 2', 'Task 3', 'Task 5']);
    expect(locations(outcome)).toEqual([[5, 5, 'REQUIRED']]);
  });

  it('may mix its line ends, and its lines are still counted right', async () => {
    const outcome = await outcomeOf('title,detail\r\nOne,1\nTwo,2\rThree,3\r\n,4\n,5\r,6\r\nSeven,7');
    expect(titles(outcome)).toEqual(['One', 'Two', 'Three', 'Seven']);
    expect(locations(outcome)).toEqual([
      [5, 5, 'REQUIRED'],
      [6, 6, 'REQUIRED'],
      [7, 7, 'REQUIRED'],
    ]);
  });

  it('may have any line ends inside quotes, and they count in the lines of later failures', async () => {
    const outcome = await outcomeOf('title,detail\nOne,"a\nb"\n,x\r\nTwo,"c\r\nd\r\ne"\r\n,x\nThree,"f\rg\n\nh"\n,x\n');
    expect(outcome.tasks.map(({ detail }) => detail)).toEqual(['a\nb', 'c\r\nd\r\ne', 'f\rg\n\nh']);
    expect(locations(outcome)).toEqual([
      [3, 4, 'REQUIRED'],
      [5, 8, 'REQUIRED'],
      [7, 13, 'REQUIRED'],
    ]);
  });

  it('may have a quoted line end in its header', async () => {
    const outcome = await outcomeOf('title,"what\nfor",detail\nOne,x,1\n,y,2\n');
    expect(outcome.tasks).toMatchObject([{ title: 'One', detail: '1' }]);
    expect(locations(outcome)).toEqual([[3, 4, 'REQUIRED']]);
  });

  it('may have a stray quote inside a field, which is kept', async () => {
    const outcome = await outcomeOf('title,detail\nA 5" nail,hold "it" tight\nTwo,2\n');
    expect(outcome.tasks).toMatchObject([{ title: 'A 5" nail', detail: 'hold "it" tight' }, { title: 'Two' }]);
  });

  it('may have blanks around its quoted cells, which do not belong to them', async () => {
    const outcome = await outcomeOf('"title", "detail", "isComplete"\n"A", " b ,c" ,\t"true"\nC, "two\nlines", ""\n');
    expect(outcome.tasks).toMatchObject([
      { title: 'A', detail: 'b ,c', isComplete: true },
      { title: 'C', detail: 'two\nlines', isComplete: false },
    ]);
  });

  it('may have rows with wrong quotes, a NUL or more than 64 KiB: each fails alone', async () => {
    const long = 'x'.repeat(300_000);
    const outcome = await outcomeOf(`title,detail\nOne,1\n"A "b" c",2\nB\0,3\nC,${long}\nTwo,"4"\n`);
    expect(titles(outcome)).toEqual(['One', 'Two']);
    expect(locations(outcome)).toEqual([
      [3, 3, 'INVALID_QUOTES'],
      [4, 4, 'INVALID_TEXT'],
      [5, 5, 'ROW_TOO_LARGE'],
    ]);
  });

  it('may have a caption above its header, of which the task file warns', async () => {
    const outcome = await outcomeOf('Tasks of May,\n,\n\ntitle,detail\nOne,1\n,2\n');
    expect(titles(outcome)).toEqual(['One']);
    expect(locations(outcome)).toEqual([[3, 6, 'REQUIRED']]);
    expect(outcome.file).toMatchObject({ format: { skippedLines: 3 }, warnings: [{ code: 'LINES_SKIPPED' }] });
  });

  it.each([
    ['commas', ','],
    ['semicolons', ';'],
    ['tabs', '\t'],
    ['bars', '|'],
  ])('may have %s between its cells, and the task file names the delimiter', async (_, delimiter) => {
    const lines = [
      ['Detail', 'TITLE', 'note'],
      ['a, b; c', '"One"', 'x'],
      ['', '', 'y'],
    ].map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(delimiter));
    const outcome = await outcomeOf(lines.join('\n'));
    expect(outcome.tasks).toMatchObject([{ title: '"One"', detail: 'a, b; c' }]);
    expect(outcome.file).toMatchObject({ format: { encoding: 'utf-8', delimiter }, ignoredColumns: ['note'] });
    const fixFile = await until(
      'the fix file',
      () => service.request(`/task-files/${outcome.file.id}/failures`, { headers: { accept: 'text/csv' } }),
      ({ status }) => status === 200,
    );
    expect(await fixFile.text()).toContain(['_row', 'Detail', 'TITLE', 'note', '_error_code'].join(delimiter));
  });

  it.each([
    ['utf-16le', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['utf-16be', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
    ['windows-1252', (text: string) => Buffer.from(text, 'latin1')],
  ])('may be written in %s', async (encoding, encode) => {
    const bytes = encode(
      csv(
        rows(300, (number) => ({ title: `Größe ${number}` })),
        { lineEnd: '\r\n' },
      ),
    );
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(bytes)]), 'tasks.csv');
    const file = await service.ended((await service.client.uploadTasks({ body: form })).id);
    expect((await service.tasksOf(file.id)).map(({ title }) => title)).toEqual(
      Array.from({ length: 300 }, (_, index) => `Größe ${index + 1}`),
    );
    expect(file).toMatchObject({ status: 'COMPLETED', format: { encoding }, percent: 100 });
  });

  it.each([
    ['csv', 'application/gzip', 'tasks.csv.gz'],
    ['jsonl', 'application/gzip', 'tasks.jsonl.gz'],
    ['jsonl', 'application/x-ndjson', 'tasks.jsonl'],
  ])('may be replaced by %s, sent as %s', async (type, contentType, fileName) => {
    const titled = rows(300, (number) => ({ title: number % 100 === 0 ? '' : `Größe ${number}` }));
    const text =
      type === 'csv' ? csv(titled) : titled.map((one) => `${JSON.stringify({ ...one, extra: [1] })}\n`).join('');
    const isCompressed = contentType === 'application/gzip';
    const { id } = await service.client.uploadTasks({
      body: new Uint8Array(isCompressed ? gzipSync(text) : Buffer.from(text)),
      contentType,
      query: { fileName },
    });
    const file = await service.ended(id);
    expect(file).toMatchObject({ fileName, status: 'COMPLETED', processedCount: 297, failedCount: 3, percent: 100 });
    expect(file.format).toMatchObject({ type, encoding: 'utf-8', ...(isCompressed && { compression: 'gzip' }) });
    expect((await service.tasksOf(id)).map(({ title }) => title)).toEqual(
      titled.map(({ title }) => title).filter((title) => title !== ''),
    );
    // Lines of JSON have no header, but row 1 is still the header.
    const line = (number: number): number => (type === 'csv' ? number + 1 : number);
    expect((await service.failuresOf(id)).map(({ row: at, line: lineOf, code }) => [at, lineOf, code])).toEqual(
      [100, 200, 300].map((number) => [number + 1, line(number), 'REQUIRED']),
    );
  });

  it('may lack the last line end', async () => {
    expect(titles(await outcomeOf('title\nOne\nTwo'))).toEqual(['One', 'Two']);
  });

  it('may have blank lines anywhere, which count as lines but not as rows', async () => {
    const outcome = await outcomeOf('\n\r\ntitle,detail\n\nOne,1\n\n\r\n,2\n\n\n,3\n\n');
    expect(titles(outcome)).toEqual(['One']);
    expect(locations(outcome)).toEqual([
      [3, 8, 'REQUIRED'],
      [4, 11, 'REQUIRED'],
    ]);
  });

  it('may have rows with too few fields: the missing ones are empty', async () => {
    const outcome = await outcomeOf('detail,dueAt,title\n1,,One\n2\n3,\n');
    expect(titles(outcome)).toEqual(['One']);
    expect(locations(outcome)).toEqual([
      [3, 3, 'REQUIRED'],
      [4, 4, 'REQUIRED'],
    ]);
  });

  it('may have rows with too many fields: each fails alone', async () => {
    const outcome = await outcomeOf('title,detail\nOne,1\nTwo,2,3\nThree,,,3\nFour,4\nFive,5,, \n');
    expect(titles(outcome)).toEqual(['One', 'Four', 'Five']);
    expect(outcome.failures).toEqual([
      { row: 3, line: 3, code: 'TOO_MANY_FIELDS', message: expect.stringContaining('3 fields, the header has 2') },
      { row: 4, line: 4, code: 'TOO_MANY_FIELDS', message: expect.stringContaining('quoted') },
    ]);
  });

  it('may have its columns in any order and case, with spaces around, among unknown columns', async () => {
    const content = 'Owner, ISCOMPLETE ,Title\t,colour," DueAt",DETAIL,,\nme,yes,One,red,2027-01-01T00:00:00Z,1,,\n';
    expect((await outcomeOf(content)).tasks).toMatchObject([
      { title: 'One', detail: '1', dueAt: '2027-01-01T00:00:00.000Z', isComplete: true },
    ]);
  });

  it('may have columns with the names of internals, which have no effect', async () => {
    const columns = ['__proto__', 'constructor', 'title', 'prototype', 'id', 'taskFileId', 'toString', 'version', 'pk'];
    const hostile = { id: 'mine', taskFileId: 'yours', version: '9', pk: 'x', constructor: 'y', toString: 'z' };
    const cells = [1, 2].map((n) => Object.assign(JSON.parse('{"__proto__":"p"}'), hostile, { title: `Task ${n}` }));
    const { file, tasks } = await outcomeOf(csv(cells, { columns }));
    expect(tasks.map(({ title, taskFileId, row }) => [title, taskFileId, row])).toEqual([
      ['Task 1', file.id, 2],
      ['Task 2', file.id, 3],
    ]);
    for (const task of tasks) expect(Object.keys(task)).not.toContain('constructor');
  });

  it('may have any character in its cells, even those that queues refuse', async () => {
    const hostile = [
      '👩‍👩‍👧 🔑 e\u0301',
      'a\uFFFFb\uFFFEc',
      'a\u0001b\u0007c\u001Bd',
      'a\u007Fb\u0085c\u009Fd',
      '\u{10FFFF}\u{1F600}',
      'a\u2028b\u2029c',
      '=HYPERLINK("x")',
      '{"json":"\\u0000"}',
      '</xml>&amp;<![CDATA[',
    ];
    const { tasks } = await outcomeOf(csv(hostile.map((text, n) => row(n, { title: text, detail: text }))));
    expect(tasks.map(({ title, detail }) => [title, detail])).toEqual(hostile.map((text) => [text, text]));
  });

  it(`keeps every cell unchanged, whatever its text (seed ${seed})`, async () => {
    const cell = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 40 })
      .map((text) => text.replaceAll(/[\0\uFFFD\u0081\u008D\u008F\u0090\u009D]/g, '').trim())
      // A title needs a visible character.
      .filter((text) => /[^\s\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text));
    const cells = fc.sample(fc.record({ title: cell, detail: cell }), { seed, numRuns: 200 });
    const { tasks, failures } = await outcomeOf(csv(cells, { columns: ['title', 'detail'] }));
    expect(failures).toEqual([]);
    expect(tasks.map(({ title, detail }) => ({ title, detail }))).toEqual(cells);
  });

  it('fails only the rows whose text is not UTF-8', async () => {
    const start = csv(rows(3_000));
    const damaged = Buffer.concat([Buffer.from(`${start}Caf`), Buffer.of(0xe9), Buffer.from(',,,\nLast,,,\n')]);
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(damaged)]), 'damaged.csv');
    const { id } = await service.client.uploadTasks({ body: form });
    expect(await service.ended(id)).toMatchObject({ status: 'COMPLETED', processedCount: 3_001, failedCount: 1 });
    expect(await service.failuresOf(id)).toMatchObject([{ row: 3_002, column: 'title', code: 'INVALID_TEXT' }]);
  });

  it('may have cells of nearly 64 KiB, each of which passes a queue and is validated', async () => {
    const long = (text: string, length: number) => text.repeat(length / Buffer.byteLength(text));
    const cells = ['x', '\u0001', '"', '🔑', '\uFFFF', '\n'].map((text) => long(text, 28_000));
    const content = csv([row(0), ...cells.map((detail, n) => row(n + 1, { detail })), row(9)]);
    const outcome = await outcomeOf(content);
    expect(titles(outcome)).toEqual(['Task 0', 'Task 6', 'Task 9']);
    expect(locations(outcome).map(([, , code]) => code)).toEqual(cells.slice(0, -1).map(() => 'TOO_LONG'));
    const widest = await outcomeOf(
      csv([row(1), row(2, { notes: 'y'.repeat(65_000) }), row(3, { notes: 'z' })], {
        columns: ['title', 'notes'],
      }),
    );
    expect(titles(widest)).toEqual(['Task 1', 'Task 2', 'Task 3']);
  });

  it('may have hundreds of unknown columns', async () => {
    const columns = ['title', ...Array.from({ length: 500 }, (_, n) => `column ${n}`)];
    expect(titles(await outcomeOf(csv(rows(60), { columns })))).toHaveLength(60);
  });
});

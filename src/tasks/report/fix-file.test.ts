import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isBlank } from '../../engine/index.ts';
import { parse } from 'csv-parse/sync';
import { evaluate } from '../../engine/process/evaluate.ts';
import type { ItemFailure, Job, JobDefinition } from '../../engine/index.ts';
import { aBatch, aRunningJob } from '../../../test/kit/factories.ts';
import { FixFile } from './fix-file.ts';

const aFailure = (cells: readonly string[], changes: Partial<ItemFailure> = {}): ItemFailure => ({
  index: 15,
  line: 20,
  code: 'INVALID_DATE',
  column: 'dueAt',
  message: 'dueAt is not a date',
  cells,
  ...changes,
});
const COMMAS: Job['format'] = { type: 'csv', encoding: 'utf-8', delimiter: ',' };
const textOf = (job: Pick<Job, 'header' | 'format'>, failures: readonly ItemFailure[]): string =>
  new FixFile(job).head() + new FixFile(job).lines(failures);
const fixFile = (header: readonly string[], ...failures: ItemFailure[]): string =>
  textOf({ header, format: COMMAS }, failures);
/** Reads strictly: each row must have as many cells as the first. */
const read = (text: string, delimiter = ','): string[][] => parse(text, { bom: true, delimiter });
const SAID = ['_error_code', '_error_column', '_error_message', '_extra'];

describe('a fix file', () => {
  it('has the header and cells unchanged, and the fault of each row, with quotes only where they are needed', () => {
    const header = ['Title', 'x, y', 'a;b', 'dueAt'];
    const text = fixFile(header, aFailure(['a "b" ', 'line\r\nbreak', 'plain', 'tomorrow'], { index: 0 }));
    expect(text).toBe(
      '\uFEFF_row,Title,"x, y","a;b",dueAt,_error_code,_error_column,_error_message,_extra\r\n' +
        '2,"a ""b"" ","line\r\nbreak",plain,tomorrow,INVALID_DATE,dueAt,dueAt is not a date,\r\n',
    );
  });

  it('has the delimiter of the source', () => {
    const job = { header: ['title', 'detail'], format: { ...COMMAS, delimiter: ';' as const } };
    expect(read(textOf(job, [aFailure(['a', 'b;c', 'd'])]), ';')).toEqual([
      ['_row', ...job.header, ...SAID],
      ['17', 'a', 'b;c', 'INVALID_DATE', 'dueAt', 'dueAt is not a date', ';d'],
    ]);
  });

  it('pads short rows, and has a column for cells beyond the header', () => {
    const text = fixFile(
      ['title', 'detail'],
      aFailure(['a']),
      aFailure(['a', 'b', 'c', 'd']),
      aFailure(['a', 'b', '']),
    );
    expect(read(text).map((cells) => [...cells.slice(1, 3), cells.at(-1)])).toEqual([
      ['title', 'detail', '_extra'],
      ['a', '', ''],
      ['a', 'b', ',c,d'],
      ['a', 'b', ','],
    ]);
  });

  it('shows a tab behind the last column as a bar', () => {
    const job = { header: ['title'], format: { ...COMMAS, delimiter: '\t' as const } };
    expect(read(textOf(job, [aFailure(['a', ''])]), '\t')[1]!.at(-1)).toBe('|');
  });

  it('has no cell, in the header either, that a program reads as anything but text', () => {
    const cells = read(fixFile(['=title', '2027'], aFailure(['@x', '007'], { message: '+1' }))).flat();
    expect(cells).toEqual(expect.arrayContaining(["'=title", "'2027", "'@x", "'007", "'+1"]));
    expect(cells).toContain('17');
  });

  it('has line feeds instead of lone carriage returns, and U+FFFD instead of NUL', () => {
    const [, cells] = read(fixFile(['title'], aFailure(['\ra\rb\r\nc\0d'])));
    expect(cells![1]).toBe('\na\nb\r\nc\uFFFDd');
  });

  it('keeps columns of the source that have reserved names', () => {
    const [names, cells] = read(fixFile(['_row', 'title'], aFailure(['seven', 'a'])));
    expect(names).toEqual(['_row', '_row', 'title', ...SAID]);
    expect(cells!.slice(0, 3)).toEqual(['17', 'seven', 'a']);
  });
});

describe('the fix file of a fix file', () => {
  const header = ['_row', "'=title", ...SAID];
  const row = (...cells: string[]): string[] => read(fixFile(header, aFailure(cells, { column: 'title' })))[1]!;

  it('has each column once, with the cells and the row number of the first file', () => {
    const text = fixFile(header, aFailure(['9', "'=1", 'OLD', 'title', 'old', ',more'], { column: 'title' }));
    expect(read(text)).toEqual([header, ['9', "'=1", 'INVALID_DATE', 'title', 'dueAt is not a date', ',more']]);
  });

  it('takes the row number that another program wrote, and has none for a row that the caller added', () => {
    expect(['9', '9.0', "'9", '', 'NA', 'nine'].map((cell) => row(cell, 'a')[0])).toEqual(['9', '9', '9', '', '', '']);
  });

  it('adds the cells beyond its header, unless they are empty', () => {
    expect(row('9', 'a', '', '', '', ',b', 'c').at(-1)).toBe(',b,c');
    expect(row('9', 'a', '', '', '', '', '', '').at(-1)).toBe('');
  });

  it('has every column that the rows of its format may need, even if the caller has deleted it', () => {
    expect(read(fixFile(['title', '_error_code'], aFailure(['a', 'OLD'])))).toEqual([
      ['_row', 'title', ...SAID],
      ['', 'a', 'INVALID_DATE', 'dueAt', 'dueAt is not a date', ''],
    ]);
  });

  it('is the same if it was converted to JSON Lines in between', () => {
    const job = { header: ['title', '_row', '_error_code'], format: { ...COMMAS, type: 'jsonl' as const } };
    const lines = ['{"title":"\'=1","_row":9,"_error_code":"OLD"}', '{"title"', '{"_row":9}'];
    const made = textOf(
      job,
      lines.map((line) => aFailure([line])),
    );
    expect(read(made).map((cells) => [cells[0], cells[1], cells.at(-1)])).toEqual([
      ['_row', 'title', '_json_line'],
      ['9', "'=1", ''],
      ['', '', '{"title"'],
      ['9', '', ''],
    ]);
  });

  it('of JSON Lines keeps the broken lines', () => {
    const columns = ['_row', 'title', '_error_code', '_error_column', '_error_message', '_json_line'];
    expect(read(fixFile(columns, aFailure(['9', '', 'OLD', '', '', '{"title']))).map((cells) => cells.at(-1))).toEqual([
      '_json_line',
      '{"title',
    ]);
  });
});

describe('the fix file of JSON Lines', () => {
  const job = { header: ['title', 'detail'], format: { ...COMMAS, type: 'jsonl' as const } };
  const rows = (...lines: string[]): string[][] =>
    read(
      textOf(
        job,
        lines.map((line) => aFailure([line])),
      ),
    );

  it('has the values of each line in columns, and an unreadable line in `_json_line`', () => {
    const nested = '{"title":{"a":1}}';
    expect(
      rows('{"title":"a","detail":1.50}', '{broken', nested).map((cells) => [cells[1], cells[2], cells[6]]),
    ).toEqual([
      ['title', 'detail', '_json_line'],
      ['a', "'1.50", ''],
      ['', '', '{broken'],
      ['', '', nested],
    ]);
    expect(rows('{broken')[1]![5]).toMatch(/^dueAt is not a date Repair it in _json_line/);
  });
});

describe('a fix file that is read again', () => {
  it('gives back any cells of the source', () => {
    const header = ['name', 'note'];
    const seen: (string | undefined)[][] = [];
    const definition: JobDefinition<string> = {
      columns: header.map((name) => ({ name, required: true })),
      decide(values) {
        seen.push([...values]);
        return { row: '' };
      },
      apply: () => Promise.resolve(),
      applied: () => Promise.resolve(new Set()),
      voidItems: () => Promise.resolve(new Set()),
      restoreItems: () => Promise.resolve(),
    };
    const cell = fc.oneof(
      fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
      fc.stringMatching(/^[' ]{0,2}[-=0-9.,:/A-Z€%\r\n]{0,12}$/),
    );
    const kept = (text: string): string | undefined => {
      const written = text.replaceAll('\0', '\uFFFD').replaceAll(/\r(?!\n)/g, '\n');
      return isBlank(written) ? undefined : written.trim();
    };
    fc.assert(
      fc.property(cell, cell, (name, note) => {
        const [names, cells] = read(fixFile(header, aFailure([name, note])));
        const job = aRunningJob({ header: names! });
        evaluate(definition, job, { ...aBatch(job, 0), items: [{ index: 0, line: 2, cells: cells! }] });
        expect(seen.pop()).toEqual([kept(name), kept(note)]);
      }),
    );
  });
});

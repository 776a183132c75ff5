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
/** Strict: each row has as many cells as the first. */
const read = (text: string, delimiter = ','): string[][] => parse(text, { bom: true, delimiter });
const SAID = ['_error_code', '_error_column', '_error_message', '_extra'];

describe('a fix file', () => {
  it('has the header and cells as they were, and what is wrong with each row, in quotes only where these are needed', () => {
    const header = ['Title', 'x, y', 'a;b', 'dueAt'];
    const text = fixFile(header, aFailure(['a "b" ', 'line\r\nbreak', 'plain', 'tomorrow'], { index: 0 }));
    expect(text).toBe(
      '\uFEFF_row,Title,"x, y","a;b",dueAt,_error_code,_error_column,_error_message,_extra\r\n' +
        '2,"a ""b"" ","line\r\nbreak",plain,tomorrow,INVALID_DATE,dueAt,dueAt is not a date,\r\n',
    );
  });

  it('has the delimiter that the source has', () => {
    const job = { header: ['title', 'detail'], format: { ...COMMAS, delimiter: ';' as const } };
    expect(read(textOf(job, [aFailure(['a', 'b;c', 'd'])]), ';')).toEqual([
      ['_row', ...job.header, ...SAID],
      ['17', 'a', 'b;c', 'INVALID_DATE', 'dueAt', 'dueAt is not a date', ';d'],
    ]);
  });

  it('fills up short rows, and has a column for the cells that have none', () => {
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

  it('shows a tab that stands behind the last column as a bar', () => {
    const job = { header: ['title'], format: { ...COMMAS, delimiter: '\t' as const } };
    expect(read(textOf(job, [aFailure(['a', ''])]), '\t')[1]!.at(-1)).toBe('|');
  });

  it('has no cell that a program takes for something else than text, the header included', () => {
    const cells = read(fixFile(['=title', '2027'], aFailure(['@x', '007'], { message: '+1' }))).flat();
    expect(cells).toEqual(expect.arrayContaining(["'=title", "'2027", "'@x", "'007", "'+1"]));
    expect(cells).toContain('17');
  });

  it('has line feeds for carriage returns that stand alone, and U+FFFD for NUL', () => {
    const [, cells] = read(fixFile(['title'], aFailure(['\ra\rb\r\nc\0d'])));
    expect(cells![1]).toBe('\na\nb\r\nc\uFFFDd');
  });

  it('of a source that has columns of the same names keeps these', () => {
    const [names, cells] = read(fixFile(['_row', 'title'], aFailure(['seven', 'a'])));
    expect(names).toEqual(['_row', '_row', 'title', ...SAID]);
    expect(cells!.slice(0, 3)).toEqual(['17', 'seven', 'a']);
  });
});

describe('the fix file of a fix file', () => {
  const header = ['_row', "'=title", ...SAID];
  const row = (...cells: string[]): string[] => read(fixFile(header, aFailure(cells, { column: 'title' })))[1]!;

  it('has its columns once, the cells of the first file and their row', () => {
    const text = fixFile(header, aFailure(['9', "'=1", 'OLD', 'title', 'old', ',more'], { column: 'title' }));
    expect(read(text)).toEqual([header, ['9', "'=1", 'INVALID_DATE', 'title', 'dueAt is not a date', ',more']]);
  });

  it('takes the row that another program has written, and has none for a row that a person has added', () => {
    expect(['9', '9.0', "'9", '', 'NA', 'nine'].map((cell) => row(cell, 'a')[0])).toEqual(['9', '9', '9', '', '', '']);
  });

  it('adds what stands beyond its header, unless that is empty', () => {
    expect(row('9', 'a', '', '', '', ',b', 'c').at(-1)).toBe(',b,c');
    expect(row('9', 'a', '', '', '', '', '', '').at(-1)).toBe('');
  });

  it('lacks no column that the rows of its format may need, also if a person has deleted it', () => {
    expect(read(fixFile(['title', '_error_code'], aFailure(['a', 'OLD'])))).toEqual([
      ['_row', 'title', ...SAID],
      ['', 'a', 'INVALID_DATE', 'dueAt', 'dueAt is not a date', ''],
    ]);
  });

  it('is the same if it was made JSON Lines in between', () => {
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

  it('of JSON Lines keeps the lines that were broken', () => {
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

  it('has the values of each line in the columns, and a line that has none in one of its own', () => {
    const nested = '{"title":{"a":1}}';
    expect(
      rows('{"title":"a","detail":1.50}', '{broken', nested).map((cells) => [cells[1], cells[2], cells[6]]),
    ).toEqual([
      ['title', 'detail', '_json_line'],
      ['a', "'1.50", ''],
      ['', '', '{broken'],
      ['', '', nested],
    ]);
    expect(rows('{broken')[1]![5]).toMatch(/^dueAt is not a date Mend it in _json_line/);
  });
});

describe('a fix file that is read again', () => {
  it('gives the rules the cells of the source, whatever they are', () => {
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

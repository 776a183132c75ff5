import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { evaluate } from '../engine/evaluate.ts';
import type { ItemFailure, JobDefinition } from '../engine/index.ts';
import { aBatch, aRunningJob } from '../../test/kit/factories.ts';
import { fixFileHeader, fixFileLines } from './fix-file.ts';

const aFailure = (cells: readonly string[], changes: Partial<ItemFailure> = {}): ItemFailure => ({
  index: 15,
  line: 20,
  code: 'INVALID_DATE',
  column: 'dueAt',
  message: 'dueAt is not a date',
  cells,
  ...changes,
});
const read = (text: string): string[][] => parse(text, { bom: true, relax_column_count: true });
const fixFile = (header: readonly string[], ...failures: ItemFailure[]): string =>
  fixFileHeader(header, ',') + fixFileLines(header, failures, ',');

describe('a fix file', () => {
  it('has the header and cells as they were, and what is wrong with each row', () => {
    const text = fixFile(['Title', 'x, y', 'dueAt'], aFailure(['a "b" ', 'line\r\nbreak', '1.2.'], { index: 0 }));
    expect(text).toBe(
      '\uFEFF"Title","x, y","dueAt","_row","_error_code","_error_column","_error_message"\r\n' +
        '"a ""b"" ","line\r\nbreak","1.2.","2","INVALID_DATE","dueAt","dueAt is not a date"\r\n',
    );
  });

  it('has the delimiter that the source has', () => {
    const header = ['title', 'detail'];
    const text = fixFileHeader(header, ';') + fixFileLines(header, [aFailure(['a', 'b;c'])], ';');
    expect(parse(text, { bom: true, delimiter: ';' }).map((cells: string[]) => cells.slice(0, 2))).toEqual([
      header,
      ['a', 'b;c'],
    ]);
  });

  it('fills up short rows, and puts the cells last that have no column', () => {
    const header = ['title', 'detail'];
    const [, short, long] = read(
      fixFile(header, aFailure(['a']), aFailure(['a', 'b', 'c', 'd'], { code: 'TOO_MANY_FIELDS' })),
    );
    expect(short).toEqual(['a', '', '17', 'INVALID_DATE', 'dueAt', 'dueAt is not a date']);
    expect(long).toEqual(['a', 'b', '17', 'TOO_MANY_FIELDS', 'dueAt', 'dueAt is not a date', 'c', 'd']);
  });

  it('has no cell that a spreadsheet takes for a formula, the header included', () => {
    const cells = read(fixFile(['=title'], aFailure(['@x'], { message: '+1' }))).flat();
    expect(cells.filter((cell) => /^[=+@-]/.test(cell))).toEqual([]);
  });

  it('of a fix file that was uploaded has its own columns once, and the cells of the first file', () => {
    const header = ['title', '_row', '_error_code', '_error_column', '_error_message'];
    const [names, row] = read(
      fixFile(header, aFailure(["'=1", '9', 'OLD', 'title', 'old', 'more'], { column: 'title' })),
    );
    expect(names).toEqual(header);
    expect(row).toEqual(["'=1", '17', 'INVALID_DATE', 'title', 'dueAt is not a date', 'more']);
  });

  it('read again gives the rules the cells of the source, whatever they are', () => {
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
    const cell = fc.string({ unit: 'binary' }).map((text) => text.toWellFormed());
    fc.assert(
      fc.property(cell, cell, (name, note) => {
        const [names, cells] = read(fixFile(header, aFailure([name, note])));
        const job = aRunningJob({ header: names! });
        evaluate(definition, job, { ...aBatch(job, 0), items: [{ index: 0, line: 2, cells: cells! }] });
        expect(seen.pop()).toEqual([name.trim() || undefined, note.trim() || undefined]);
      }),
    );
  });
});

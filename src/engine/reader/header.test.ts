import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ignoredColumns, knowsHeader, mapHeader, refuseUnknown, tooManyCells, valuesOf } from './header.ts';

const COLUMNS = [
  { name: 'title', required: true },
  { name: 'dueAt', required: false },
] as const;

describe('mapHeader', () => {
  it.each([
    [
      ['title', 'dueAt'],
      [0, 1],
    ],
    [
      ['dueAt', 'title'],
      [1, 0],
    ],
    [
      [' TITLE\t', 'dueat'],
      [0, 1],
    ],
    [
      ['note', '', 'Title', ''],
      [2, -1],
    ],
  ])('finds the known columns of %j', (header, map) => {
    expect(mapHeader(header, COLUMNS)).toEqual(map);
  });

  it('gives names that have a meaning in JavaScript no effect', () => {
    expect(mapHeader(['__proto__', 'constructor', 'toString', 'title', 'length'], COLUMNS)).toEqual([3, -1]);
    const columns = [{ name: '__proto__', required: true }];
    expect(mapHeader(['__proto__'], columns)).toEqual([0]);
    expect(() => mapHeader(['title'], columns)).toThrow(expect.objectContaining({ code: 'MISSING_COLUMN' }));
  });

  it('finds columns in any order, case and spacing', () => {
    const someCase = (name: string) => fc.mixedCase(fc.constant(name));
    const spaces = fc.constantFrom('', ' ', '\t ');
    const aHeader = fc
      .tuple(someCase('title'), someCase('dueAt'), fc.constant('other'), fc.constant(''))
      .chain((names) => fc.tuple(fc.shuffledSubarray(names, { minLength: 4 }), spaces, spaces));
    fc.assert(
      fc.property(aHeader, ([names, before, after]) => {
        const map = mapHeader(
          names.map((name) => before + name + after),
          COLUMNS,
        );
        expect(map.map((index) => names[index]?.toLowerCase())).toEqual(['title', 'dueat']);
      }),
    );
  });

  it('accepts a thousand columns, and no more', () => {
    const thousand = ['title', ...Array.from({ length: 999 }, (_, index) => `c${index}`)];
    expect(mapHeader(thousand, COLUMNS)).toEqual([0, -1]);
    expect(() => mapHeader([...thousand, 'x'], COLUMNS)).toThrow(expect.objectContaining({ code: 'TOO_MANY_COLUMNS' }));
  });

  it('accepts a thousand columns besides the reserved ones of a fix file', () => {
    const own = ['title', ...Array.from({ length: 999 }, (_, index) => `c${index}`)];
    const fixFile = (columns: readonly string[]): string[] => ['_row', ...columns, '_error_code', '_extra'];
    expect(mapHeader(fixFile(own), COLUMNS)).toEqual([1, -1]);
    expect(() => mapHeader(fixFile([...own, 'x']), COLUMNS)).toThrow('has 1001 columns');
  });

  it('refuses a known column that occurs twice, in any case', () => {
    for (const header of [
      ['title', 'title'],
      ['title', ' TITLE '],
      ['title', 'dueAt', ' DUEAT'],
    ]) {
      expect(() => mapHeader(header, COLUMNS)).toThrow(expect.objectContaining({ code: 'DUPLICATE_COLUMN' }));
    }
    expect(() => mapHeader(['x', ' Title', 'title'], COLUMNS)).toThrow('"title" twice');
  });

  it('ignores an unknown column, however often it occurs', () => {
    expect(mapHeader(['note', 'title', 'note', ''], COLUMNS)[0]).toBe(1);
  });

  it('reports a missing column first: a file without a header may have any cell twice', () => {
    expect(() => mapHeader(['Alice', 'Alice', 'secret'], COLUMNS)).toThrow(
      expect.objectContaining({ code: 'MISSING_COLUMN', message: expect.not.stringContaining('Alice') }),
    );
  });

  it('refuses a header without a required column, and names the missing and the known columns', () => {
    expect(() => mapHeader(['name'], COLUMNS)).toThrow(
      expect.objectContaining({
        name: 'SourceError',
        code: 'MISSING_COLUMN',
        message: expect.stringMatching(/lacks "title"; it has 1 column\. .* known: title, dueAt\./),
      }),
    );
    const both = COLUMNS.map((column) => ({ ...column, required: true }));
    expect(() => mapHeader(['a', 'b'], both)).toThrow('lacks "title", "dueAt"; it has 2 columns.');
  });

  it.each([
    ['[{"title":"a"}', 'JSON array'],
    ['  [', 'JSON array'],
    ['<!DOCTYPE html>', 'HTML or XML'],
  ])('says of %j that it is no table', (first, what) => {
    expect(() => mapHeader([first, 'x'], COLUMNS)).toThrow(expect.objectContaining({ code: 'MISSING_COLUMN' }));
    expect(() => mapHeader([first, 'x'], COLUMNS)).toThrow(what);
  });

  it('never repeats the whole header of a hostile file', () => {
    const read = (): unknown => mapHeader(['x'.repeat(10_000)], COLUMNS);
    expect(read).toThrow(expect.objectContaining({ message: expect.not.stringContaining('xxx') }));
  });
});

describe('names of columns', () => {
  it.each([
    [
      ['Title', 'Due At'],
      [0, 1],
    ],
    [
      ['due_at', 'title'],
      [1, 0],
    ],
    [
      ['\u200BTITLE', 'due-at\u00A0'],
      [0, 1],
    ],
    [
      ['title', 'ｄｕｅＡｔ'],
      [0, 1],
    ],
  ])('count by their letters and digits: %j', (header, map) => {
    expect(mapHeader(header, COLUMNS)).toEqual(map);
    expect(knowsHeader(header, COLUMNS)).toBe(true);
  });

  it('may not mean the same column twice', () => {
    expect(() => mapHeader(['title', 'due_at', 'Due At'], COLUMNS)).toThrow(
      expect.objectContaining({ code: 'DUPLICATE_COLUMN' }),
    );
  });

  const columns = [{ name: 'title', required: true, words: ['name', 'to do'] }, COLUMNS[1]] as const;

  it.each([
    [['title', 'dueA'], [{ name: 'dueA', likely: 'dueAt' }]],
    [
      ['title', 'Due date', 'x'],
      [{ name: 'Due date', likely: 'dueAt' }, { name: 'x' }],
    ],
    [['title', 'To-Do'], [{ name: 'To-Do' }]],
    [['To-Do'], [{ name: 'To-Do', likely: 'title' }]],
    [['title', '', ' ', '_row', '_error_code'], []],
    [['title', 'x'.repeat(9_999)], [{ name: 'x'.repeat(9_999) }]],
    [['title', 'due_at'], []],
  ])('of %j those without effect are told, with what they may be meant as', (header, ignored) => {
    expect(ignoredColumns(header, columns)).toEqual(ignored);
  });

  it('are suggested if a required column is missing', () => {
    expect(() => mapHeader(['x', 'Name'], columns)).toThrow('Column 2 may be meant as "title": rename it.');
    expect(() => mapHeader(['ï»¿title'], columns)).toThrow('Column 1 may be meant as "title"');
    expect(() => mapHeader(['x', 'y'], columns)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('meant') }),
    );
  });

  it('must all be known if the upload is strict', () => {
    refuseUnknown(['Due at', '', 'TITLE'], columns);
    const refused = (header: readonly string[]) => () => refuseUnknown(header, columns);
    expect(refused(['title', 'dueA'])).toThrow(expect.objectContaining({ code: 'UNKNOWN_COLUMNS' }));
    expect(refused(['title', 'dueA'])).toThrow('a column is not known: "dueA" (did you mean dueAt?). These are known:');
    expect(refused(['a', 'title', ' b'])).toThrow('2 columns are not known: "a", " b".');
  });

  it('are limited in a message: the first ones, and the beginning of a long one', () => {
    const many = ['title', 'y'.repeat(1_000), ...Array.from({ length: 9 }, (_, number) => `column ${number}`)];
    expect(() => refuseUnknown(many, columns)).toThrow(`10 columns are not known: "${'y'.repeat(100)}…", "column 0"`);
    expect(() => refuseUnknown(many, columns)).toThrow('"column 3", and 5 more. These');
    expect(() => refuseUnknown(['title', 'x\uD800'], columns)).toThrow('"x\uFFFD"');
  });
});

describe('valuesOf', () => {
  it.each(['\\N', '\u200B', '\u00AD\uFEFF', '\u2800 ', '\u200E'])(
    'has nothing where a person sees nothing, or a database wrote it: %j',
    (cell) => {
      expect(valuesOf([0], [cell])).toEqual([undefined]);
      expect(valuesOf([0], [`x${cell}`])).toEqual([`x${cell}`.trim()]);
    },
  );

  it('reads a null word that is the whole cell as nothing, in its own case', () => {
    const cells = [' NULL ', 'null', 'NA', 'NANA'];
    expect(valuesOf([0, 1, 2, 3], cells, ['NULL', 'NA'])).toEqual([undefined, 'null', undefined, 'NANA']);
    expect(valuesOf([0], ['NULL'])).toEqual(['NULL']);
  });

  it('gives the trimmed values in the order of the columns, and nothing for an empty or absent cell', () => {
    expect(valuesOf([2, 0, -1, 9, 1], [' a ', '\t', 'c'])).toEqual(['c', 'a', undefined, undefined, undefined]);
  });
});

describe('tooManyCells', () => {
  const header = ['title', 'detail'];

  it('accepts a row with as many cells as the header, or fewer', () => {
    expect(tooManyCells(header, ['a', 'b'])).toBeUndefined();
    expect(tooManyCells(header, ['a'])).toBeUndefined();
  });

  it('refuses a row with more', () => {
    expect(tooManyCells(header, ['a', 'b', 'c'])).toEqual({
      code: 'TOO_MANY_FIELDS',
      message: 'The row has 3 fields, the header has 2; a field that contains the delimiter must be quoted.',
    });
  });

  it('refuses a cell under a nameless last column, which a spreadsheet added', () => {
    const padded = ['', ...header, '', ' '];
    expect(tooManyCells(padded, ['1', 'a', 'b', 'c'])).toMatchObject({ code: 'TOO_MANY_FIELDS' });
    expect(tooManyCells(padded, ['1', 'a', 'b', '', ' ', ''])).toBeUndefined();
  });
});

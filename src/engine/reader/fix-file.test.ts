import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  cellsOfFixRow,
  fixFileLayout,
  optionsOfFixRow,
  isFixFile,
  isFixFileColumn,
  neutralised,
  reservedCell,
  unneutralised,
} from './fix-file.ts';

describe('a cell of a fix file', () => {
  it('is never a formula, and is read as it was before', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^'{0,3}[=+@\t\r＝＋－＠-]?[a-z=]*$/),
      fc.stringMatching(/^'{0,3}[ (€]?[0-9]{1,4}[-./: ][0-9]{0,4}[TZ%]?$/),
    );
    fc.assert(
      fc.property(cell, (text) => {
        expect(neutralised(text)).not.toMatch(/^[=+\-@\t\r＝＋－＠]/);
        expect(unneutralised(neutralised(text))).toBe(text);
      }),
    );
  });

  it.each([
    '=1+1',
    "'=1+1",
    '-5',
    '@SUM(A1)',
    '007',
    "'007",
    '12345678901234567890',
    '1.10',
    '.5',
    '1e5',
    '1,000',
    '50%',
    '$5',
    '5 €',
    '(5)',
    '3/4',
    '1-2',
    '12:30 pm',
    '31.12.2027',
    '2027-01-31',
    '2027-01-31T08:00:00.000Z',
    '2027-01-31T08:00:00+01:00',
    'May 5',
    '5-Mar',
    'Sept 2',
    'NA',
    '#N/A',
    'null',
    'None',
    'inf',
    '0x1F',
    ' 007 ',
  ])('that a program may take for something else, such as %j, has an apostrophe before it', (cell) => {
    expect(neutralised(cell)).toBe(`'${cell}`);
    expect(unneutralised(`'${cell}`)).toBe(cell);
  });

  it.each(["O'Hara", "'tis", "'90s music", '', '3 apples', 'no', 'true', 'March', 'a-1', 'Nano', 'Ordinary text'])(
    '%j is written as it is',
    (cell) => {
      expect(neutralised(cell)).toBe(cell);
      expect(unneutralised(cell)).toBe(cell);
    },
  );
});

describe('a fix file', () => {
  it.each([
    ['_row,title,_error_code,_error_column,_error_message,_extra', true],
    [' _ROW ,title,_Error_Message', true],
    ['title,_error_code', true],
    ['title,_error_column,_error_message', true],
    ['X_row,title,X_error_column', true],
    ['ï»¿_row,title,_extra', true],
    ['X.U.FEFF._row,title,X_json_line', true],
    ['title,_row', false],
    ['_row,title,row', false],
    ['title,_extra', false],
    ['title,error_code,my_row', false],
    ['title', false],
  ])('is known by its columns: %s', (header, isOne) => {
    expect(isFixFile(header.split(','))).toBe(isOne);
  });

  it('has columns of its own, in any case', () => {
    const names = [
      '_row',
      '_Error_Code',
      ' _error_column',
      '_error_message',
      '_extra',
      '_json_line',
      'title',
      'my_row',
    ];
    expect(names.map(isFixFileColumn)).toEqual([true, true, true, true, true, true, false, false]);
  });

  it('leaves a source its columns of the same names: the first `_row` and the last of the others are the fix file’s', () => {
    const layout = fixFileLayout(['_row', 'title', '_row', '_extra', '_error_code', '_extra']);
    expect(layout?.own).toEqual([1, 2, 3]);
    expect(Object.fromEntries(layout!.reserved)).toEqual({ _row: 0, _error_code: 4, _extra: 5 });
  });

  it('has its cells as they were before they were written, and empty cells where R wrote NA', () => {
    const layout = fixFileLayout(['_row', '_extra', '_error_code'])!;
    expect(reservedCell(layout, ['3', "'-1"], '_extra')).toBe('-1');
    expect(reservedCell(layout, ['3', 'NA'], '_extra')).toBe('');
    expect(reservedCell(layout, ['3'], '_extra')).toBe('');
    expect(reservedCell(layout, ['3', 'x'], '_json_line')).toBe('');
  });
});

describe('a row of a fix file', () => {
  const header = ['_row', 'title', 'detail', '_error_code', '_extra', '_json_line'];
  const meaning = (...cells: string[]) =>
    cellsOfFixRow(header, fixFileLayout(header)!, cells, (line) =>
      line.startsWith('{') ? ['', line, '', '', '', ''] : { code: 'INVALID_JSON', message: 'broken' },
    );

  it('is read without the apostrophes of its cells', () => {
    expect(meaning('2', "'=1", "'tis", 'X', '', '')).toEqual(['2', '=1', "'tis", 'X', '', '']);
    expect(meaning('2', 'a')).toEqual(['2', 'a']);
  });

  it('is read the same with empty cells beyond the header, and not with other cells', () => {
    expect(meaning('2', 'a', '', '', '', '', '', ' ')).toEqual(['2', 'a', '', '', '', '']);
    expect(meaning('2', 'a', '', '', '', '', '', 'b')).toHaveLength(8);
  });

  it('is refused as long as `_extra` has content', () => {
    expect(meaning('2', 'a', '', '', ',b,c')).toMatchObject({
      code: 'TOO_MANY_FIELDS',
      value: ',b,c',
    });
    expect(meaning('2', 'a', '', '', ',', '')).toMatchObject({ code: 'TOO_MANY_FIELDS' });
  });

  it('is refused if its extra cells were deleted, until its error code is emptied', () => {
    const names = ['_row', 'title', '_error_code'];
    const read = (code: string) =>
      cellsOfFixRow(names, fixFileLayout(names)!, ['2', 'a', code], () => ({ code: 'INVALID_JSON', message: '' }));
    expect(read('TOO_MANY_FIELDS')).toMatchObject({ code: 'TOO_MANY_FIELDS' });
    expect(read('')).toEqual(['2', 'a', '']);
    expect(read('REQUIRED')).toEqual(['2', 'a', 'REQUIRED']);
  });

  it('has the options under which its row was read before', () => {
    const names = ['title', '_error_code', '_time_zone', '_null_words'];
    const options = (...cells: string[]) => optionsOfFixRow(fixFileLayout(names)!, ['a', 'X', ...cells]);
    expect(options("'+01:00", '["NA"]')).toEqual({ timeZone: '+01:00', nullWords: ['NA'] });
    expect(options('', '[]')).toEqual({});
    expect(options()).toEqual({});
    for (const changed of ['NULL', '"NA"', '[1]', '{}'])
      expect(options('', changed)).toMatchObject({ code: 'INVALID_NULL_WORDS', column: '_null_words', value: changed });
  });

  it.each(['INVALID_QUOTES', 'ROW_TOO_LARGE'])('is refused as long as the mark of %s is in a cell', (code) => {
    expect(meaning('2', 'a', 'b\uFFFD c', code)).toMatchObject({ code, message: expect.stringContaining('U+FFFD') });
    expect(meaning('2', 'a', 'b c', code)).toEqual(['2', 'a', 'b c', code]);
    expect(meaning('2', 'a', 'b\uFFFD c', 'INVALID_DATE')).toEqual(['2', 'a', 'b\uFFFD c', 'INVALID_DATE']);
  });

  it('is read from its line of JSON, if that is repaired and its columns are empty', () => {
    expect(meaning('2', '', '', '', '', '{')).toEqual(['', '{', '', '', '', '']);
    expect(meaning('2', 'NA', '', 'CODE', '', '{')).toEqual(['', '{', '', '', '', '']);
    expect(meaning('2', '', '', '', '', "'-1")).toMatchObject({ code: 'INVALID_JSON' });
    expect(meaning('2', 'a', '', '', '', '[')).toMatchObject({ code: 'INVALID_JSON' });
    expect(meaning('2', 'a', '', '', '', '{')).toMatchObject({ code: 'LINE_AND_COLUMNS', column: '_json_line' });
    expect(meaning('2', 'a', '', '', '', '')).toEqual(['2', 'a', '', '', '', '']);
  });
});

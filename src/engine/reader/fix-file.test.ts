import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isFixFile, isFixFileColumn, neutralised, unneutralised } from './fix-file.ts';

describe('a cell of a fix file', () => {
  it('is never a formula, and comes back as it was, whatever it was', () => {
    const cell = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^'{0,3}[=+@\t\r＝＋－＠-]?[a-z=]*$/));
    fc.assert(
      fc.property(cell, (text) => {
        expect(neutralised(text)).not.toMatch(/^[=+\-@\t\r＝＋－＠]/);
        expect(unneutralised(neutralised(text))).toBe(text);
      }),
    );
  });

  it.each([
    ['=1+1', "'=1+1"],
    ["'=1+1", "''=1+1"],
    ['-5', "'-5"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ["O'Hara", "O'Hara"],
    ["'tis", "'tis"],
    ['', ''],
  ])('%j is written as %j', (cell, written) => {
    expect(neutralised(cell)).toBe(written);
    expect(unneutralised(written)).toBe(cell);
  });
});

it('a fix file is known by its first column, in any case', () => {
  expect(isFixFile(['title', ' _ROW '])).toBe(true);
  expect(isFixFile(['title', '_error_code', 'row'])).toBe(false);
  expect(['_row', '_Error_Code', ' _error_column', '_error_message', 'title'].map(isFixFileColumn)).toEqual([
    true,
    true,
    true,
    true,
    false,
  ]);
});

import { describe, expect, it } from '@jest/globals';
import { beginsCell, readQuotedCells } from './quotes.ts';

describe('reading the cells of a record by the strict rule', () => {
  it.each([
    ['a,b', ['a', 'b']],
    ['', ['']],
    [',', ['', '']],
    ['"a" , "b, c","d""e"\t', ['a', 'b, c', 'd"e']],
    ['"two\r\nlines",5" nail, x ', ['two\r\nlines', '5" nail', ' x ']],
    ['"",""""', ['', '"']],
  ])('of %j are all there', (text, cells) => {
    expect(readQuotedCells(text, ',')).toEqual({ cells, isWhole: true });
  });

  it.each([
    ['"a"b', []],
    ['a,"b" "c",d', ['a']],
    ['"" "y"', []],
    ['x,"a', ['x']],
    ['"a"\n,b', []],
  ])('of %j ends before the cell with wrong quotes', (text, cells) => {
    expect(readQuotedCells(text, ',')).toEqual({ cells, isWhole: false });
  });

  it('accepts a tab as the delimiter', () => {
    expect(readQuotedCells('"a" \t"b"\t\t', '\t')).toEqual({ cells: ['a', 'b', '', ''], isWhole: true });
  });
});

it.each([
  ['"', true],
  [' \t"', true],
  ['x,"', true],
  ['x\n "', true],
  ['x\r"', true],
  ['x"', false],
  ['x, y "', false],
])('whether a cell begins at the end of %j: %s', (text, begins) => {
  expect(beginsCell(Buffer.from(text), text.length - 1, ',')).toBe(begins);
});

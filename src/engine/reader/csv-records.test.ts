import { describe, expect, it } from '@jest/globals';
import type { SourceError } from '../errors.ts';
import { readCsv } from './csv.ts';
import type { ReadFrom, SourceRecord } from '../model/records.ts';

const BEGIN: ReadFrom = { byteOffset: 0, line: 1 };

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let first = 0; first < bytes.length; first += size) yield bytes.subarray(first, first + size);
}
const readText = async (text: string, size = 100_000): Promise<SourceRecord[]> =>
  (await Array.fromAsync(readCsv(inPieces(Buffer.from(text), size), BEGIN))).flat();

describe('readCsv and a row with a fault', () => {
  const outcome = async (text: string, size: number) => {
    const records: string[] = [];
    try {
      for await (const some of readCsv(inPieces(Buffer.from(text), size), BEGIN)) {
        records.push(...some.map(({ cells, line, fault }) => `${line} ${fault ?? 'row'} ${cells.join('|')}`));
      }
    } catch (error) {
      records.push((error as SourceError).code);
    }
    return records;
  };

  it.each([
    [
      'has text after its closing quote, and no other row',
      '"a"b,c\nd,e\n',
      ['1 INVALID_QUOTES "a"b\uFFFD|c', '2 row d|e'],
    ],
    ['is at the end of the source', 'd,e\n"a"b', ['1 row d|e', '2 INVALID_QUOTES "a"b\uFFFD']],
    [
      'escapes its quotes by backslashes',
      '"a \\"b\\" c",d\ne\n',
      ['1 INVALID_QUOTES "a \\"b\\" c"\uFFFD|d', '2 row e'],
    ],
    ['has two quoted texts in a cell', '"" "y"\nz\n', ['1 INVALID_QUOTES "" "y"\uFFFD', '2 row z']],
    ['has text after blanks', 'x, "a" b ,c\n', ['1 INVALID_QUOTES x|"a" b \uFFFD|c']],
    ['has a NUL after a quote', '"a"\0"b,c\n', ['1 INVALID_QUOTES a\0"b\uFFFD|c']],
    [
      'is followed by others like it',
      '"a"b\n"c"d\n"e"\n',
      ['1 INVALID_QUOTES "a"b\uFFFD', '2 INVALID_QUOTES "c"d\uFFFD', '3 row e'],
    ],
    [
      'is followed by a quoted cell',
      '"a"b\nx, "y"\n5" nail\n',
      ['1 INVALID_QUOTES "a"b\uFFFD', '2 row x|y', '3 row 5" nail'],
    ],
    ['is after blank lines', '\n \n"a"b\n\nc\n', ['3 INVALID_QUOTES "a"b\uFFFD', '5 row c']],
  ])('fails a row that %s', async (_, text, expected) => {
    for (const size of [1, 5, 1_000]) expect(await outcome(text, size)).toEqual(expected);
  });

  it.each([
    ['the next quote closes a cell that no quote opened', 'x\n"5" nail\nand more\nlast",x\n'],
    ['its own line end is quoted', 'x\n"two\nlines" a\nb\n'],
    ['a later cell of it continues on the next line', 'x\n"5" nail,"two\nlines"\n'],
    ['a quote swallowed the rows before it', `x\n"5 inch,b\n${'c,d\n'.repeat(100)}e,"f"\ng\n`],
  ])('fails the source, if the end of the row is uncertain: %s', async (_, text) => {
    for (const size of [1, 7, 1_000]) expect(await outcome(text, size)).toEqual(['1 row x', 'INVALID_QUOTES']);
  });

  it('searches a bounded length for the next quote, wherever the pieces end', async () => {
    const rows = (bytes: number): string =>
      'y'
        .repeat(99)
        .concat('\n')
        .repeat(bytes / 100);
    const near = `"a"b\n${rows(65_500)}5" nail\n`;
    const far = `"a"b\n${rows(65_600)}5" nail\n`;
    for (const size of [1_000, 30_000, 1_000_000]) {
      expect(await outcome(near, size)).toEqual(['INVALID_QUOTES']);
      expect(await outcome(far, size)).toHaveLength(658);
    }
  });

  it('shortens a row that is too large, and reads the others', async () => {
    const long = 'x'.repeat(300_000);
    const [, row, quoted, last] = await readText(`title,detail\nOne,${long}\n"a\n","${long}"\nLast,\n`, 9_000);
    expect(row).toMatchObject({ fault: 'ROW_TOO_LARGE', line: 2, nextLine: 3 });
    expect(row?.cells).toEqual(['One', `${'x'.repeat(8_192)}\uFFFD (291808 characters are left out)`]);
    expect(quoted).toMatchObject({ fault: 'ROW_TOO_LARGE', line: 3, nextLine: 5, cells: ['a\n', row!.cells[1]] });
    expect(last).toMatchObject({ cells: ['Last', ''], line: 5 });
  });

  it('keeps the first cells of a row with too many, and bounds its size', async () => {
    const [row] = await readText(`${'a,'.repeat(100_000)}\n`);
    expect(row?.cells).toHaveLength(1_001);
    expect(row?.cells.at(-1)).toBe('\uFFFD (99001 cells are left out)');
    const [wrong] = await readText(`"a"b,${'x'.repeat(70_000)}\n`);
    expect(wrong).toMatchObject({ fault: 'INVALID_QUOTES' });
    expect(wrong?.cells.join('').length).toBeLessThan(17_000);
  });

  it('accepts a row that is long only by its blank lines or its quotes', async () => {
    const [a, b] = await readText(`${'\n'.repeat(70_000)}a\n"${'""'.repeat(60_000)}"\n`);
    expect([a, b?.cells[0]?.length, b?.fault]).toEqual([
      { cells: ['a'], line: 70_001, endOffset: 70_002, nextLine: 70_002 },
      60_000,
      undefined,
    ]);
  });
});

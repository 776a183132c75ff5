import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cellsOfLine, namesIn, readJsonLines } from './json-lines.ts';
import type { ReadFrom, SourceRecord } from '../model/records.ts';
import type { Encoding } from '../model/source-format.ts';

const BEGIN: ReadFrom = { byteOffset: 0, line: 1 };

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let first = 0; first < bytes.length; first += size) yield bytes.subarray(first, first + size);
}
const read = async (
  bytes: Uint8Array,
  size: number,
  from = BEGIN,
  encoding: Encoding = 'utf-8',
): Promise<SourceRecord[]> => (await Array.fromAsync(readJsonLines(inPieces(bytes, size), from, { encoding }))).flat();

describe('JSON Lines', () => {
  const aLine = fc.oneof(fc.json(), fc.string({ unit: 'grapheme' }), fc.constant(''), fc.constant('  '));
  const isOneLine = (text: string): boolean => !/[\r\n\uFEFF]/.test(text);

  it('are read line by line, and continued after any of them, wherever the pieces end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(aLine.filter(isOneLine), { maxLength: 6 }),
        fc.integer({ min: 1, max: 9 }),
        async (lines, size) => {
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
          const records = await read(bytes, size);
          expect(records.map(({ cells, line }) => [cells[0], line])).toEqual(
            lines.flatMap((line, index) => (line.trim() === '' ? [] : [[line, index + 1]])),
          );
          for (const [index, { endOffset, nextLine }] of records.entries()) {
            const rest = await read(bytes.subarray(endOffset), size, { byteOffset: endOffset, line: nextLine });
            expect(rest).toEqual(records.slice(index + 1));
          }
        },
      ),
    );
  });

  it('may begin with a byte-order mark, end their lines as Windows does, and lack the last line end', async () => {
    const text = '\uFEFF{"a":1}\r\n\r\n{"b":"ü"}';
    for (const size of [1, 5, 100]) {
      expect(await read(Buffer.from(text), size)).toMatchObject([
        { cells: ['{"a":1}'], line: 1 },
        { cells: ['{"b":"ü"}'], line: 3, endOffset: Buffer.byteLength(text) },
      ]);
      expect(await read(Buffer.from(text, 'utf16le'), size, BEGIN, 'utf-16le')).toMatchObject([
        { cells: ['{"a":1}'] },
        { cells: ['{"b":"ü"}'], endOffset: text.length * 2 },
      ]);
    }
  });

  it('have a bounded number of blank lines, wherever they are', async () => {
    const blank = (bytes: number): string => '\n'.repeat(bytes);
    const reach = 1024 * 1024;
    for (const size of [10_000, 3_000_000]) {
      const most = `{"a":1}\n${blank(reach)}{"b":2}\n${blank(reach)}`;
      expect(await read(Buffer.from(most), size)).toMatchObject([{ line: 1 }, { line: reach + 2 }]);
      for (const text of [`${most}\n`, `{"a":1}\n${blank(reach + 1)}{"b":2}\n`]) {
        await expect(read(Buffer.from(text), size)).rejects.toMatchObject({
          code: 'RECORD_TOO_LARGE',
          message: expect.stringContaining('blank lines'),
        });
      }
    }
  });

  it('have lines of a bounded length', async () => {
    const bytes = Buffer.from(`{"a":1}\n{"a":"${'x'.repeat(1_100_000)}`);
    const all = Buffer.concat([bytes, Buffer.from('"}\n{"a":3}\n')]);
    for (const [source, size] of [
      [bytes, 9_000],
      [all, 9_000],
      [all, all.length],
    ] as const) {
      await expect(read(source, size)).rejects.toMatchObject({
        name: 'SourceError',
        code: 'RECORD_TOO_LARGE',
        message: expect.stringContaining('Line 2'),
      });
    }
  });
});

it('a line that is too long for a row has a fault, and the others are read', async () => {
  const long = `{"a":"${'x'.repeat(70_000)}"}`;
  for (const size of [9_000, 1_000_000]) {
    const [first, second, third] = await read(Buffer.from(`{"a":1}\n${long}\n{"a":3}\n\x1a`), size);
    expect([first?.fault, second?.fault, third?.cells]).toEqual([undefined, 'ROW_TOO_LARGE', ['{"a":3}']]);
    expect(second?.cells[0]).toMatch(/^\{"a":"x+\uFFFD \(\d+ characters are left out\)$/);
  }
});

describe('the cells of a line', () => {
  const HEADER = ['title', 'dueAt', 'isComplete'];

  it.each([
    ['{"title":"a","dueAt":"b","isComplete":true}', ['a', 'b', 'true']],
    ['{" TITLE ":"a","other":{"nested":1}}', ['a', '', '']],
    ['{"title":null,"isComplete":false}', ['', '', 'false']],
    ['{"title":12345678901234567890.50,"dueAt":1e3}', ['12345678901234567890.50', '1e3', '']],
    ['{"title":"first","Title":"last"}', ['last', '', '']],
    ['{"__proto__":{"title":"x"},"constructor":1}', ['', '', '']],
    ['{}', ['', '', '']],
  ])('%s', (line, cells) => {
    expect(cellsOfLine(HEADER, line)).toEqual(cells);
  });

  it.each(['', '[]', '["title"]', '"title"', '1', 'null', '{"title":', '{"title":"a"} x', '{title:1}'])(
    '%s has none: it is no object',
    (line) => {
      expect(cellsOfLine(HEADER, line)).toMatchObject({ code: 'INVALID_JSON' });
      expect(namesIn(line)).toEqual([]);
    },
  );

  it('are found by the letters and digits of their names, unless two names mean the same', () => {
    const [title, due] = ['title', 'dueAt'];
    expect(cellsOfLine([title, due, '%'], '{"Title":"a","due_at":"b","%":"c"}')).toEqual(['a', 'b', 'c']);
    const twice = '{"title":"a","due_at":"b","Due At":"c"}';
    expect(cellsOfLine([title, due], twice, { plain: [title, due] })).toMatchObject({
      code: 'INVALID_JSON',
      column: due,
    });
  });

  it.each(['{}', '[1]'])('are the JSON of the nested value %s, unless the column must be plain', (value) => {
    const line = `{"DueAt":${value}}`;
    expect(cellsOfLine(HEADER, line, { plain: ['title'] })).toEqual(['', value, '']);
    expect(cellsOfLine(HEADER, line, { plain: ['title', 'dueAt'] })).toMatchObject({
      code: 'INVALID_JSON',
      column: 'dueAt',
    });
  });
});

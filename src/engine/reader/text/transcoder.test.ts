import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readCsv } from '../csv.ts';
import type { ReadFrom, SourceRecord } from '../../model/records.ts';
import type { Encoding } from '../../model/source-format.ts';

const BEGIN: ReadFrom = { byteOffset: 0, line: 1 };

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let first = 0; first < bytes.length; first += size) yield bytes.subarray(first, first + size);
}

const swapped = (bytes: Buffer): Buffer => (bytes.length === 0 ? bytes : Buffer.from(bytes).swap16());
/** What each byte, or pair of bytes, of an encoding decodes to. Node.js cannot encode them. */
function charactersOf(encoding: string, codes: readonly (readonly number[])[]): ReadonlyMap<string, Buffer> {
  const decoder = new TextDecoder(encoding);
  return new Map(codes.map((bytes) => [decoder.decode(Uint8Array.from(bytes)), Buffer.from(bytes)]));
}
const bytesFrom = (first: number, last: number): number[][] =>
  Array.from({ length: last - first + 1 }, (_, at) => [first + at]);
/** Kanji. Many of them end with a byte that alone is an ASCII letter, a backslash or a pipe. */
const KANJI = bytesFrom(0x40, 0x7e).flatMap(([second]) => [0x83, 0x95, 0xe0].map((first) => [first, second!]));
const SHIFT_JIS = charactersOf('shift_jis', [...bytesFrom(0x20, 0x7e), ...bytesFrom(0xa1, 0xdf), ...KANJI]);
const WINDOWS_1251 = charactersOf('windows-1251', [...bytesFrom(0x20, 0x7e), ...bytesFrom(0xc0, 0xff)]);
const encodedBy = (table: ReadonlyMap<string, Buffer>, text: string): Buffer =>
  Buffer.concat(Array.from(text, (character) => table.get(character) ?? Buffer.from(character)));

/** Windows-1252 has Latin-1's characters where both have one. */
const ENCODERS: readonly (readonly [Encoding, (text: string) => Buffer, fc.Arbitrary<string>])[] = [
  ['utf-8', (text) => Buffer.from(text), fc.string({ unit: 'grapheme' })],
  ['utf-16le', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le'), fc.string({ unit: 'grapheme' })],
  ['utf-16be', (text) => swapped(Buffer.from(`\uFEFF${text}`, 'utf16le')), fc.string({ unit: 'grapheme' })],
  ['windows-1252', (text) => Buffer.from(text, 'latin1'), fc.stringMatching(/^[ -~\u00a0-\u00ff]*$/)],
  ['shift_jis', (text) => encodedBy(SHIFT_JIS, text), fc.string({ unit: fc.constantFrom(...SHIFT_JIS.keys()) })],
  [
    'windows-1251',
    (text) => encodedBy(WINDOWS_1251, text),
    fc.string({ unit: fc.constantFrom(...WINDOWS_1251.keys()) }),
  ],
];
const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

describe.each(ENCODERS)('a source in %s', (encoding, encode, text) => {
  const format = { encoding, delimiter: ';' } as const;
  const read = async (bytes: AsyncIterable<Uint8Array>, from = BEGIN): Promise<SourceRecord[]> =>
    (await Array.fromAsync(readCsv(bytes, from, format))).flat();
  const cell = text.filter((one) => !one.includes('\uFEFF'));
  const aSource = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 });

  it('is read as it was written, and continued after any record, wherever the pieces end', async () => {
    await fc.assert(
      fc.asyncProperty(aSource, fc.integer({ min: 1, max: 9 }), async (rows, size) => {
        const bytes = encode(rows.map((cells) => `${cells.map(quoted).join(';')}\n`).join(''));
        const records = await read(inPieces(bytes, size));
        expect(records.map(({ cells }) => cells)).toEqual(rows.map((cells) => cells));
        expect(records.at(-1)?.endOffset).toBe(bytes.length);
        for (const [index, { endOffset, nextLine }] of records.entries()) {
          const rest = inPieces(bytes.subarray(endOffset), size);
          expect(await read(rest, { byteOffset: endOffset, line: nextLine })).toEqual(records.slice(index + 1));
        }
      }),
      { numRuns: 60 },
    );
  });
});

it('half a character at the end of a source is damage, and no offset is behind the end', async () => {
  const bytes = Buffer.concat([Buffer.from('\uFEFFa\nb', 'utf16le'), Buffer.from([0x63])]);
  const format = { encoding: 'utf-16le', delimiter: ',' } as const;
  const records = (await Array.fromAsync(readCsv(inPieces(bytes, 3), BEGIN, format))).flat();
  expect(records.map(({ cells, endOffset }) => [cells[0], endOffset])).toEqual([
    ['a', 6],
    ['b\uFFFD', bytes.length],
  ]);
});

it('has the characters of Windows-1252 that Latin-1 lacks', async () => {
  const format = { encoding: 'windows-1252', delimiter: ',' } as const;
  const bytes = Buffer.from([0x80, 0x2c, 0x93, 0x84, 0x0a]);
  expect((await Array.fromAsync(readCsv(inPieces(bytes, 1), BEGIN, format))).flat()).toMatchObject([
    { cells: ['€', '“„'], endOffset: 5 },
  ]);
});

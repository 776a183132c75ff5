import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readCsv } from './csv.ts';
import type { ReadFrom, SourceRecord } from '../model/records.ts';

const BEGIN: ReadFrom = { byteOffset: 0, line: 1 };
const BOM = '\uFEFF';
const KIB = 1_024;

/** Cuts bytes into pieces of the given sizes, taken in turn. */
async function* inPieces(bytes: Uint8Array, sizes: readonly number[] = [bytes.length]): AsyncGenerator<Uint8Array> {
  let first = 0;
  for (let turn = 0; first < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length]!;
    yield bytes.subarray(first, first + size);
    first += size;
  }
}

const readAll = async (bytes: AsyncIterable<Uint8Array>, from = BEGIN): Promise<SourceRecord[]> =>
  (await Array.fromAsync(readCsv(bytes, from))).flat();

const readText = (text: string, sizes?: readonly number[]): Promise<SourceRecord[]> =>
  readAll(inPieces(Buffer.from(text), sizes));

const cellsOf = async (text: string): Promise<(readonly string[])[]> =>
  (await readText(text)).map(({ cells }) => cells);

const linesOf = async (text: string): Promise<number[]> => (await readText(text)).map(({ line }) => line);

describe('readCsv and text that RFC 4180 allows, with blanks around quoted cells and quotes inside bare ones', () => {
  interface Cell {
    readonly text: string;
    readonly isQuoted: boolean;
    /** The blanks before and after a quoted cell. */
    readonly blanks: readonly [string, string];
  }
  interface Line {
    readonly blankLines: readonly string[];
    readonly cells: readonly Cell[];
    readonly end: string;
  }
  interface Model {
    readonly hasMark: boolean;
    readonly lines: readonly Line[];
    readonly hasFinalEnd: boolean;
  }

  const aLineEnd = fc.constantFrom('\n', '\r\n', '\r');
  const aCharacter = fc.constantFrom(',', '"', '\n', '\r', ' ', 'a', 'ö', '€', '😀', '\uFEFF', '\uFFFD', '\u0001', ';');
  const aText = fc.oneof(fc.string({ unit: aCharacter, maxLength: 6 }), fc.string({ unit: 'grapheme', maxLength: 4 }));
  const someBlanks = fc.constantFrom('', '', ' ', '\t ', '\u00a0');
  const aModel: fc.Arbitrary<Model> = fc.record({
    hasMark: fc.boolean(),
    lines: fc.array(
      fc.record({
        blankLines: fc.array(aLineEnd, { maxLength: 2 }),
        cells: fc.array(fc.record({ text: aText, isQuoted: fc.boolean(), blanks: fc.tuple(someBlanks, someBlanks) }), {
          minLength: 1,
          maxLength: 4,
        }),
        end: aLineEnd,
      }),
      { maxLength: 6 },
    ),
    hasFinalEnd: fc.boolean(),
  });
  const somePieces = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

  /** A bare cell must not look like a quoted one, an end mark, a blank line or a byte-order mark. */
  const encode = ({ text, isQuoted, blanks: [before, behind] }: Cell, isAlone: boolean): string =>
    isQuoted || /^\s*"|[,\r\n\uFEFF]/.test(text) || (isAlone && text.trim() === '')
      ? `${before}"${text.replaceAll('"', '""')}"${behind}`
      : text;

  const lineEndsIn = (text: string): number => text.replaceAll('\r\n', '\n').split(/[\r\n]/).length - 1;

  /** Writes the text of a model, and the records in it. */
  function write({ hasMark, lines, hasFinalEnd }: Model): { bytes: Buffer; records: SourceRecord[] } {
    let text = hasMark ? BOM : '';
    let line = 1;
    const records: SourceRecord[] = [];
    // After a carriage return, a line feed would be the second half of that line end and not another one.
    const end = (by: string): void => void (text += by === '\n' && text.endsWith('\r') ? '\r\n' : by);
    for (const [index, { blankLines, cells, end: by }] of lines.entries()) {
      for (const blank of blankLines) end(blank);
      line += blankLines.length;
      text += cells.map((cell) => encode(cell, cells.length === 1)).join(',');
      if (hasFinalEnd || index < lines.length - 1) end(by);
      const texts = cells.map((cell) => cell.text);
      const nextLine = line + 1 + texts.reduce((sum, cell) => sum + lineEndsIn(cell), 0);
      records.push({ cells: texts, line, endOffset: Buffer.byteLength(text), nextLine });
      line = nextLine;
    }
    return { bytes: Buffer.from(text), records };
  }

  it('reads the cells, lines and offsets that were written, wherever the pieces end', async () => {
    await fc.assert(
      fc.asyncProperty(aModel, somePieces, async (model, sizes) => {
        const { bytes, records } = write(model);
        expect(await readAll(inPieces(bytes, sizes))).toEqual(records);
      }),
      { numRuns: 300 },
    );
  });

  it('continues after any record as if it had not stopped', async () => {
    await fc.assert(
      fc.asyncProperty(aModel, somePieces, async (model, sizes) => {
        const { bytes, records } = write(model);
        for (const [index, { endOffset, nextLine }] of records.entries()) {
          const rest = inPieces(bytes.subarray(endOffset), sizes);
          expect(await readAll(rest, { byteOffset: endOffset, line: nextLine })).toEqual(records.slice(index + 1));
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('readCsv and text beyond RFC 4180', () => {
  it.each(['', BOM, '\n\r\n\r', `${BOM}\n\n`])('finds no record in %j', async (text) => {
    expect(await readText(text)).toEqual([]);
  });

  it('skips a byte-order mark only at the start of the source', async () => {
    expect(await cellsOf(`${BOM}title\n"${BOM}a"`)).toEqual([['title'], [`${BOM}a`]]);
    const later = await readAll(inPieces(Buffer.from(`"${BOM}a"\n`)), { byteOffset: 9, line: 2 });
    expect(later).toEqual([{ cells: [`${BOM}a`], line: 2, endOffset: 16, nextLine: 3 }]);
  });

  it('skips a byte-order mark that arrives byte by byte', async () => {
    expect(await readText(`${BOM}a,b\n`, [1])).toEqual([{ cells: ['a', 'b'], line: 1, endOffset: 7, nextLine: 2 }]);
  });

  it('accepts every line end, also mixed', async () => {
    expect(await cellsOf('a\nb\r\nc\rd')).toEqual([['a'], ['b'], ['c'], ['d']]);
  });

  it('gives rows the number of cells they have', async () => {
    expect(await cellsOf('a,b\n1\n1,2,3\n,\n')).toEqual([['a', 'b'], ['1'], ['1', '2', '3'], ['', '']]);
  });

  it('reads a quote inside a bare cell literally', async () => {
    expect(await cellsOf('5" disk,b\na "b" c,d\n')).toEqual([
      ['5" disk', 'b'],
      ['a "b" c', 'd'],
    ]);
  });

  it('drops blanks around a quoted cell and blank lines, and keeps blanks inside quotes and of bare cells', async () => {
    for (const size of [1, 9, 1_000]) {
      const records = await readText(' a , b\n  \n\t"c"\t,\u00a0"d"\u00a0\n \n\n e , " f " ,"" \n\n  \n g,\n', [size]);
      expect(records.map(({ cells, line }) => [line, ...cells])).toEqual([
        [1, ' a ', ' b'],
        [3, 'c', 'd'],
        [6, ' e ', ' f ', ''],
        [9, ' g', ''],
      ]);
    }
  });

  it('drops the end mark of DOS at the end, wherever the pieces end, and keeps it elsewhere', async () => {
    for (const size of [1, 100]) {
      expect(await readText('a\nb\n\x1a', [size])).toHaveLength(2);
      expect(await readText('a\nb\x1a\x1a', [size])).toMatchObject([{ cells: ['a'] }, { cells: ['b'] }]);
      expect(await readText('a\n\x1a\nb', [size])).toMatchObject([{}, { cells: ['\x1a'] }, { cells: ['b'] }]);
    }
    const block = '\x1a'.repeat(10_000);
    for (const size of [1_000, 10_000, 100_000]) expect(await readText(`a\n${block}b`, [size])).toHaveLength(2);
  });

  it('counts a CRLF inside quotes as one line', async () => {
    expect(await linesOf('h\r\n"a\r\nb\r\nc"\r\nd\r\n')).toEqual([1, 2, 5]);
    expect(await linesOf('h\r"a\rb\nc"\rd\r')).toEqual([1, 2, 5]);
  });

  it('counts blank lines, wherever they are', async () => {
    expect(await linesOf('\n\nh\n\n\r\na\nb\n\n"c\n\nd"\n\ne')).toEqual([3, 6, 7, 9, 13]);
  });

  it('reads a record of 65,536 bytes with its line end, wherever the pieces end', async () => {
    const longest = (without: number): string => 'x'.repeat(64 * KIB - without);
    for (const [text, cell] of [
      [longest(0), longest(0)],
      [`${longest(1)}\n`, longest(1)],
      [`"${longest(4)}"\r\n`, longest(4)],
    ] as const) {
      expect((await readText(text, [64 * KIB]))[0]).toMatchObject({ cells: [cell] });
    }
  });

  it('reads a record of 65,536 bytes, wherever the piece with its end ends', async () => {
    const text = `a\n"${'x'.repeat(64 * KIB - 3)}"\nb\nc\n`;
    for (let end = 64 * KIB; end <= Buffer.byteLength(text); end += 1) {
      expect((await readText(text, [end])).map(({ line }) => line)).toEqual([1, 2, 3, 4]);
    }
  });

  it('yields records before it reads the next piece', async () => {
    let asked = 0;
    async function* source(): AsyncGenerator<Uint8Array> {
      for (const text of ['a,1\nb,2\nc', ',3\nd,4\ne,5\n']) {
        asked += 1;
        yield Buffer.from(text);
      }
    }
    for await (const records of readCsv(source(), { byteOffset: 70_000, line: 900 })) {
      expect({ asked, first: records[0]?.cells[0] }).toEqual({ asked: 1, first: 'a' });
      break;
    }
  });
});

describe('readCsv and what cannot be read', () => {
  it('refuses a quote that is never closed, and names the line of its record', async () => {
    await expect(readText('title\na\n"b\nc\nd')).rejects.toMatchObject({
      name: 'SourceError',
      code: 'UNCLOSED_QUOTE',
      message: expect.stringContaining('line 3'),
    });
  });

  it('names the line of the unclosed quote also after blank lines', async () => {
    await expect(readText('title\n\n\n"b\nc\nd')).rejects.toMatchObject({ message: expect.stringContaining('line 4') });
  });

  it('refuses a record whose end is out of reach, and names its line, with or without an open quote', async () => {
    const tooMuch = 'x'.repeat(1_100 * KIB);
    for (const text of [`title\n${tooMuch}\n`, `title\n"${tooMuch.replaceAll('xxxx', 'xxx\n')}`]) {
      for (const size of [10_000, 2_000 * KIB]) {
        await expect(readText(text, [size])).rejects.toMatchObject({
          code: 'RECORD_TOO_LARGE',
          message: expect.stringContaining('line 2'),
        });
      }
    }
  });

  it('refuses a record that is one byte too long, and names its line, whatever follows it', async () => {
    for (const behind of ['', '\n\n\n', 'b\n\n\nc\n', 'b\n\n'.repeat(100)]) {
      await expect(readText(`${'x'.repeat(KIB * KIB)}\n${behind}`)).rejects.toMatchObject({
        code: 'RECORD_TOO_LARGE',
        message: expect.stringContaining('line 1 '),
      });
    }
  });

  it('counts delimiters and bytes, not characters', async () => {
    for (const text of [','.repeat(1_100 * KIB), '€,'.repeat(300 * KIB)]) {
      await expect(readText(text, [64 * KIB])).rejects.toMatchObject({ code: 'RECORD_TOO_LARGE' });
    }
  });

  it('yields the records before the one that it refuses', async () => {
    const seen: string[] = [];
    const reading = async (): Promise<void> => {
      for await (const records of readCsv(inPieces(Buffer.from(`a\nb\n${'x'.repeat(1_100 * KIB)}`)), BEGIN)) {
        seen.push(...records.map(({ cells }) => cells[0]!));
      }
    };
    await expect(reading()).rejects.toMatchObject({ code: 'RECORD_TOO_LARGE' });
    expect(seen).toEqual(['a', 'b']);
  });

  it('leaves no rejection unhandled while the records before the refused one are taken', async () => {
    // In a process of its own, because an unhandled rejection ends a process.
    const script = `
      const { readCsv } = await import(${JSON.stringify(new URL('csv.ts', import.meta.url).href)});
      const bytes = (async function* () { yield Buffer.from('a\\nb\\n' + 'x'.repeat(1_100_000)); })();
      try {
        for await (const _ of readCsv(bytes, { byteOffset: 0, line: 1 })) await new Promise(setImmediate);
      } catch (error) {
        console.log(error.code);
      }`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
    expect(stdout.trim()).toBe('RECORD_TOO_LARGE');
  });

  it('reads a character that two pieces share', async () => {
    expect(await readText('größe,😀\n', [1])).toMatchObject([{ cells: ['größe', '😀'] }]);
  });

  it('reads damaged text with replacement characters', async () => {
    const bytes = Buffer.concat([Buffer.from(`${'x'.repeat(1_023)}\n`.repeat(64)), Buffer.from([0xfc, 0x0a])]);
    expect((await readAll(inPieces(bytes, [10_000]))).at(-1)).toMatchObject({ cells: ['\uFFFD'] });
  });
});

describe('readCsv and its source', () => {
  /** Yields the texts, then fails or ends. Notes whether it was closed. */
  function openSource(texts: readonly string[], failure?: Error) {
    const state = { isClosed: false };
    async function* read(): AsyncGenerator<Uint8Array> {
      try {
        for (const text of texts) yield Buffer.from(text);
        if (failure) throw failure;
      } finally {
        state.isClosed = true;
      }
    }
    return { state, bytes: read() };
  }

  it('accepts longer rows if it is asked to, by the size of their cells', async () => {
    const read = (text: string) =>
      Array.fromAsync(readCsv(openSource([text]).bytes, BEGIN, undefined, 100)).then((records) => records.flat());
    expect(await read(`"${'""'.repeat(98)}"\n${'x'.repeat(101)}\n${'x'.repeat(100)}\n`)).toMatchObject([
      { cells: ['"'.repeat(98)] },
      { fault: 'ROW_TOO_LARGE' },
      { cells: ['x'.repeat(100)] },
    ]);
  });

  it.each([0, 9])('passes an error of the source through unchanged, from offset %d', async (byteOffset) => {
    const failure = new Error('connection reset');
    const { bytes } = openSource(['a\nb\n', 'c'], failure);
    await expect(readAll(bytes, { byteOffset, line: 1 })).rejects.toBe(failure);
  });

  it('closes the source if the reader stops early', async () => {
    const { state, bytes } = openSource(['a,1\nb,2\nc,3\n', 'd,4\n']);
    for await (const records of readCsv(bytes, BEGIN)) {
      expect(records[0]?.cells).toEqual(['a', '1']);
      break;
    }
    expect(state.isClosed).toBe(true);
  });

  it('closes the source if the reader fails', async () => {
    const { state, bytes } = openSource(['a,1\nb,2\nc,3\n', 'd,4\n']);
    const failure = new Error('queue is down');
    const reading = async (): Promise<void> => {
      for await (const _ of readCsv(bytes, BEGIN)) throw failure;
    };
    await expect(reading()).rejects.toBe(failure);
    expect(state.isClosed).toBe(true);
  });

  it('closes the source if a record is refused', async () => {
    const { state, bytes } = openSource(['x'.repeat(1_100 * KIB), 'y']);
    await expect(readAll(bytes)).rejects.toMatchObject({ code: 'RECORD_TOO_LARGE' });
    expect(state.isClosed).toBe(true);
  });
});

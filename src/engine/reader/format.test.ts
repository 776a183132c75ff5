import { describe, expect, it } from '@jest/globals';
import { beginningOf, detectFormat } from './format.ts';
import type { ReadOptions } from '../model/source-format.ts';

const COLUMNS = [
  { name: 'title', required: true },
  { name: 'detail', required: false },
];

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let first = 0; first < bytes.length; first += size) yield bytes.subarray(first, first + size);
}
const detect = async (text: string | Buffer, size = 7) =>
  detectFormat(await beginningOf(inPieces(Buffer.from(text), size)), COLUMNS);

describe('the format of a source', () => {
  it.each([
    ['title,detail\na,b;c|d\n', ','],
    ['Title;Detail\na;b,c\n', ';'],
    ['detail\ttitle\na\tb\n', '\t'],
    ['detail|TITLE |x', '|'],
    ['title', ','],
    ['"a;b",title', ','],
    ['"a,b";title;"c,d"', ';'],
    ['name;note;x', ';'],
    ['name', ','],
    ['', ','],
    ['\n\n', ','],
  ])('of %j has the delimiter %j', async (text, delimiter) => {
    expect((await detect(text)).format).toEqual({ type: 'csv', encoding: 'utf-8', delimiter });
  });

  it('is named by the first line `sep=` of a spreadsheet, which is no record', async () => {
    expect(await detect('sep=|\r\nname|note\r\na|b\r\n')).toMatchObject({
      format: { delimiter: '|' },
      header: ['name', 'note'],
      dataStart: { byteOffset: 18, line: 3 },
    });
  });

  it('is detected with the header and where the header ends in the source', async () => {
    expect(await detect('\uFEFFtitle;größe\r\na;b')).toMatchObject({
      header: ['title', 'größe'],
      dataStart: { byteOffset: Buffer.byteLength('\uFEFFtitle;größe\r\n'), line: 2 },
    });
    expect((await detect('')).header).toBeUndefined();
  });

  it.each([
    ['utf-8', Buffer.from('\uFEFFtitle\ngröße')],
    ['utf-16le', Buffer.from('\uFEFFtitle\na', 'utf16le')],
    ['utf-16be', Buffer.from('\uFEFFtitle\na', 'utf16le').swap16()],
    ['windows-1252', Buffer.from('title\nGr\xFC\xDFe\n', 'latin1')],
    ['utf-8', Buffer.from(`title\n${'x'.repeat(65_529)}😀`)],
    ['utf-8', Buffer.from('\xEF\xBB\xBFtitle\nGr\xFC\xDFe\n', 'latin1')],
    ['utf-8', Buffer.from('title\nGr\xC3\xBC\xC3\x9Fe\nCaf\xE9\n', 'latin1')],
    ['windows-1252', Buffer.from('title\nGr\xC3\xBC\xDFe\nCaf\xE9\n', 'latin1')],
  ])('in %s is detected, wherever the pieces end', async (encoding, bytes) => {
    for (const size of [1, 3, bytes.length]) expect((await detect(bytes, size)).format.encoding).toBe(encoding);
  });

  it('is the one that the upload names, unless a byte-order mark names another', async () => {
    const asked = (bytes: Buffer, options: ReadOptions) => detectFormat(bytes, COLUMNS, options);
    expect(await asked(Buffer.from('title;x,title\n'), { delimiter: ';' })).toMatchObject({
      header: ['title', 'x,title'],
    });
    for (const [bytes, encoding, found] of [
      [Buffer.from('title\n\x81\x8d', 'latin1'), 'shift_jis', 'shift_jis'],
      [Buffer.from('\uFEFFtitle'), 'windows-1252', 'utf-8'],
      [Buffer.from('title', 'utf16le'), 'utf-16le', 'utf-16le'],
    ] as const) {
      expect(await asked(bytes, { encoding })).toMatchObject({ format: { encoding: found }, header: ['title'] });
    }
  });

  it('is in the message if the upload named it and the header does not fit', async () => {
    const asked = (text: string | Buffer, options: ReadOptions) =>
      detectFormat(Buffer.from(text), COLUMNS, options).catch((error: unknown) => error);
    const refused = (what: string) => ({
      code: 'MISSING_COLUMN',
      message: expect.stringContaining(
        `with the ${what}, as the upload asked. Leave the option out to have it detected, or name`,
      ),
    });
    expect(await asked('title,detail\na,b\n', { delimiter: ';' })).toMatchObject(refused('delimiter ";"'));
    expect(await asked('"title","detail"\na,b\n', { delimiter: '\t' })).toMatchObject(refused('delimiter tab'));
    expect(await asked('title\na\n', { encoding: 'utf-16le' })).toMatchObject(refused('encoding utf-16le'));
    expect(await asked('title;x\na\n', { encoding: 'utf-16be', delimiter: ';' })).toMatchObject(
      refused('delimiter ";" and the encoding utf-16be'),
    );
    expect(await asked('name\na\n', { encoding: 'windows-1251' })).toMatchObject({ header: ['name'] });
    expect(await asked(Buffer.from('\uFEFFgröße\n', 'utf16le'), { encoding: 'big5' })).toMatchObject({
      header: ['größe'],
    });
  });

  it('is unknown for bytes that no detectable encoding has', async () => {
    await expect(detect(Buffer.from('title\n\x83\x65\x81\n', 'latin1'))).rejects.toMatchObject({
      code: 'UNKNOWN_ENCODING',
      message: expect.stringContaining('0x81'),
    });
  });

  it.each([
    ['a NUL byte in its first line', Buffer.from('ti\0tle\na\n'), 'has NUL bytes'],
    ['many NUL bytes', Buffer.from(`title\na\n${'\0'.repeat(20)}`), 'has NUL bytes'],
    [
      'UTF-16 without a mark',
      Buffer.from('title\na\n', 'utf16le'),
      'If it is UTF-16, send it as application/octet-stream',
    ],
    ...[Buffer.from('\uFEFFtitle\na\n', 'utf16le'), Buffer.from('\uFEFFtitle\na\n', 'utf16le').swap16()].map(
      (bytes) =>
        [
          'UTF-16 that was sent as text',
          Buffer.from(bytes.toString('utf8')),
          'Send it as application/octet-stream or as a form',
        ] as const,
    ),
    ['a zip archive', Buffer.from([0x50, 0x4b, 0x03, 0x04, 0x14, 0x00, 0xff]), 'is an Excel workbook or another ZIP'],
    ['UTF-32', Buffer.from(Uint32Array.of(0xfeff, 0x74).buffer), 'is text in UTF-32'],
    ['a PDF', Buffer.from('%PDF-1.7\n'), 'is a PDF'],
  ])('is none with %s, and says so', async (_, bytes, what) => {
    await expect(detect(bytes)).rejects.toMatchObject({
      name: 'SourceError',
      code: 'NOT_TEXT',
      message: expect.stringContaining(what),
    });
  });

  it('is detected from the whole header, also in UTF-16 and behind the first line `sep=` of a spreadsheet', async () => {
    const long = 'x'.repeat(65_536 - ',title\r\n'.length);
    const text = `\uFEFFsep=,\r\n${long},title\r\na,b\r\n`;
    for (const bytes of [Buffer.from(text), Buffer.from(text, 'utf16le')]) {
      expect((await detect(bytes, 9_000)).header).toEqual([long, 'title']);
    }
  });

  it('is not detected from a header that is too long, or with a quote that is never closed', async () => {
    await expect(detect('x'.repeat(140_000), 9_000)).rejects.toMatchObject({ code: 'RECORD_TOO_LARGE' });
    await expect(detect('"title\na')).rejects.toMatchObject({ code: 'UNCLOSED_QUOTE' });
    await expect(detect('a;"title\na')).rejects.toMatchObject({ code: 'UNCLOSED_QUOTE' });
  });

  it('is detected from a header of 65,536 bytes with its line end, and the source is closed', async () => {
    let isClosed = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        yield Buffer.from(`title,${'x'.repeat(65_528)}\r\n`);
        yield Buffer.from('a,b\n');
        yield* source();
      } finally {
        isClosed = true;
      }
    }
    expect(await detectFormat(await beginningOf(source()), COLUMNS)).toMatchObject({
      dataStart: { byteOffset: 65_536 },
    });
    expect(isClosed).toBe(true);
  });

  it.each([
    ['{"title":"a"}\n', ['title', 'detail']],
    ['\uFEFF\r\n  {"Title":"a","note":1,"__proto__":2}\n{"later":1}', ['title', 'detail', 'note', '__proto__']],
    ['{ no json', ['title', 'detail']],
    ['{"Title":"a","TITLE!":1,"detail":1}', ['title', 'detail', 'TITLE!']],
  ])(
    'of %j is JSON Lines, whose columns are those that are known and what the first line names besides',
    async (text, header) => {
      expect(await detect(text)).toEqual({
        format: { type: 'jsonl', encoding: 'utf-8', delimiter: ',' },
        header,
        dataStart: { byteOffset: 0, line: 1 },
      });
    },
  );

  it('is CSV if a brace is anywhere but at the beginning', async () => {
    expect((await detect('title,{detail}\n{"title":1}')).format.type).toBe('csv');
  });

  it('rejects with a fault that is not the source’s', async () => {
    const column = {
      required: true,
      get name(): string {
        throw new Error('no name');
      },
    };
    await expect(detectFormat(Buffer.from('title'), [column])).rejects.toThrow('no name');
  });

  it('passes an error of the source through unchanged', async () => {
    const failure = new Error('store is down');
    const source = { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(failure) }) };
    await expect(beginningOf(source)).rejects.toBe(failure);
  });
});

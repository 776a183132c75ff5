import { TextDecoder } from 'node:util';
import { SourceError } from '../../errors.ts';
import type { Encoding } from '../../model/source-format.ts';

const MARKS: readonly (readonly [mark: readonly number[], Encoding])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

/**
 * Files that callers take for a table, by their beginning. A message about the file helps more than one about a byte.
 */
const OTHERS: readonly (readonly [beginning: readonly number[], name: string])[] = [
  [[0xff, 0xfe, 0, 0], 'text in UTF-32'],
  [[0, 0, 0xfe, 0xff], 'text in UTF-32'],
  [[0x50, 0x4b, 0x03, 0x04], 'an Excel workbook or another ZIP archive'],
  [[0x50, 0x4b, 0x05, 0x06], 'an empty ZIP archive'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an old Excel workbook or another Office document'],
  [[0x25, 0x50, 0x44, 0x46, 0x2d], 'a PDF'],
  [[0x1f, 0x8b, 0x08], 'compressed twice'],
];

/** Bytes that are no character of Windows-1252. A text with one of them has another encoding. */
const NOT_WINDOWS_1252: readonly number[] = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

/**
 * Detects the encoding of a text from its beginning: the one of its byte-order mark; else the one that the upload
 * names; else UTF-8, if all or most of its characters beyond ASCII are valid UTF-8; else Windows-1252, if it has no NUL
 * byte.
 * @throws SourceError NOT_TEXT, UNKNOWN_ENCODING
 */
export function detectEncoding(sample: Uint8Array, asked?: Encoding): Encoding {
  const begins = ([beginning]: readonly [readonly number[], string]): boolean =>
    beginning.every((byte, index) => sample[index] === byte);
  const other = OTHERS.find(begins);
  if (other) throw notText(`is ${other[1]}`);
  const marked = MARKS.find(begins);
  if (marked) return marked[1];
  if (asked) return asked;
  if (hasForeignNul(sample)) throw nulIn(sample);
  if (isUtf8(sample) || isMostlyUtf8(sample)) return 'utf-8';
  const odd = sample.find((byte) => NOT_WINDOWS_1252.includes(byte));
  if (odd !== undefined) throw unknownEncoding(odd);
  return 'windows-1252';
}

const LINE_FEED = 0x0a;
const NULS_OF_A_TEXT = 3;
const BYTES_FOR_A_NUL = 20;

/**
 * Whether the NUL bytes of a sample show that it is UTF-16 or no text: one is in the first line, or there are many. A
 * few others are damage of their rows.
 */
function hasForeignNul(sample: Uint8Array): boolean {
  const lineEnd = sample.indexOf(LINE_FEED);
  const first = sample.indexOf(0);
  if (first < 0) return false;
  if (lineEnd < 0 || first < lineEnd) return true;
  const count = sample.filter((byte) => byte === 0).length;
  return count > Math.max(NULS_OF_A_TEXT, sample.length / BYTES_FOR_A_NUL);
}

/** Whether a sample is valid UTF-8. Its end may cut a character in two. */
function isUtf8(sample: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true });
    return true;
  } catch {
    // A fatal decoder has one way to fail.
    return false;
  }
}

/**
 * Whether a sample has more valid characters beyond ASCII than invalid bytes. A few invalid bytes fail their own rows;
 * read as Windows-1252, every umlaut of the file would become two wrong characters. Text in Windows-1252 hardly ever
 * has two letters that form a character of UTF-8.
 */
function isMostlyUtf8(sample: Uint8Array): boolean {
  const text = new TextDecoder('utf-8').decode(sample, { stream: true });
  const count = (characters: RegExp): number => text.match(characters)?.length ?? 0;
  return count(/[^\0-\x7F\uFFFD]/gu) > count(/\uFFFD/g);
}

const unknownEncoding = (byte: number): SourceError =>
  new SourceError(
    'UNKNOWN_ENCODING',
    `The file is neither UTF-8 nor Windows-1252: it has the byte 0x${byte.toString(16).toUpperCase()}. ` +
      'Name its encoding when you upload it, such as encoding=shift_jis or encoding=windows-1251, or save it as "CSV UTF-8".',
  );

/** The byte-order mark of UTF-16 after a program has read it as UTF-8: two U+FFFD. */
const LOST_MARK = Buffer.from('\uFFFD\uFFFD');

const nulIn = (sample: Uint8Array): SourceError =>
  LOST_MARK.equals(sample.subarray(0, LOST_MARK.length))
    ? notText(
        'is UTF-16 that was read as UTF-8 on the way, like a body of text/csv',
        'Send it as application/octet-stream or as a form, or save its table as "CSV UTF-8" and upload that',
      )
    : notText(
        'has NUL bytes near its beginning and no byte-order mark',
        'If it is UTF-16, send it as application/octet-stream or as a form with encoding=utf-16le or utf-16be; else save its table as "CSV UTF-8" and upload that',
      );

const notText = (fault: string, wayOut = 'Save its table as "CSV UTF-8" and upload that'): SourceError =>
  new SourceError('NOT_TEXT', `The file ${fault}; it must be text in UTF-8, UTF-16 or Windows-1252. ${wayOut}.`);

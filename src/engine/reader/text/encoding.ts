import { TextDecoder } from 'node:util';
import { SourceError } from '../../errors.ts';
import type { Encoding } from '../../model/source-format.ts';

const MARKS: readonly (readonly [mark: readonly number[], Encoding])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

/**
 * What people take for a table, by its beginning: to be told what they have sent helps them more than what a byte was.
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

/** Bytes that no character of Windows-1252 has: a text with one of them is in another encoding. */
const NOT_WINDOWS_1252: readonly number[] = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

/**
 * The encoding of a text by its beginning: what its byte-order mark says; else the one that the uploader named; else
 * UTF-8, if all or most of what is no ASCII is; else, without a NUL byte, Windows-1252.
 * @throws SourceError NOT_TEXT, UNKNOWN_ENCODING
 */
export function encodingOf(sample: Uint8Array, asked?: Encoding): Encoding {
  const begins = ([beginning]: readonly [readonly number[], string]): boolean =>
    beginning.every((byte, index) => sample[index] === byte);
  const other = OTHERS.find(begins);
  if (other) throw notText(`is ${other[1]}`);
  const marked = MARKS.find(begins);
  if (marked) return marked[1];
  if (asked) return asked;
  if (hasNulOfOthers(sample)) throw nulIn(sample);
  if (isUtf8(sample) || isMostlyUtf8(sample)) return 'utf-8';
  const odd = sample.find((byte) => NOT_WINDOWS_1252.includes(byte));
  if (odd !== undefined) throw unknownEncoding(odd);
  return 'windows-1252';
}

const LINE_FEED = 0x0a;
const NULS_OF_A_TEXT = 3;
const BYTES_FOR_A_NUL = 20;

/**
 * A NUL or two are damage of their rows. UTF-16 and what is no text have one in their first line, as nearly all have
 * that begin with ASCII, or have many.
 */
function hasNulOfOthers(sample: Uint8Array): boolean {
  const lineEnd = sample.indexOf(LINE_FEED);
  const first = sample.indexOf(0);
  if (first < 0) return false;
  if (lineEnd < 0 || first < lineEnd) return true;
  const count = sample.filter((byte) => byte === 0).length;
  return count > Math.max(NULS_OF_A_TEXT, sample.length / BYTES_FOR_A_NUL);
}

/** A character that the end of the sample cuts in two is none that is wrong. */
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
 * A few bad bytes must not make every other umlaut two wrong characters: they fail their own rows. Text in Windows-1252
 * hardly ever has two letters that would be one of UTF-8.
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

/** What the byte-order mark of UTF-16 becomes where the file is read as UTF-8 on its way: two U+FFFD. */
const LOST_MARK = Buffer.from('\uFFFD\uFFFD');

const nulIn = (sample: Uint8Array): SourceError =>
  LOST_MARK.equals(sample.subarray(0, LOST_MARK.length))
    ? notText(
        'is UTF-16 that was read as UTF-8 on its way, as a body of text/csv is',
        'Send it as application/octet-stream or as a form, or save its table as "CSV UTF-8" and upload that',
      )
    : notText(
        'has NUL bytes near its beginning and no byte-order mark',
        'If it is UTF-16, send it as application/octet-stream or as a form with encoding=utf-16le or utf-16be; else save its table as "CSV UTF-8" and upload that',
      );

const notText = (fault: string, wayOut = 'Save its table as "CSV UTF-8" and upload that'): SourceError =>
  new SourceError('NOT_TEXT', `The file ${fault}; it must be text in UTF-8, UTF-16 or Windows-1252. ${wayOut}.`);

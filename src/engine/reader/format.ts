import type { Column } from '../definition.ts';
import { SourceError } from '../errors.ts';
import { plainName } from './column-names.ts';
import { readCsv, recordTooLarge } from './csv.ts';
import { isFixFile } from './fix-file.ts';
import { knowsHeader } from './header.ts';
import { namesIn } from './json-lines.ts';
import { bytesIn, HEADER_BOUNDS, RECORD_MAX_BYTES, type ReadFrom, type SourceRecord } from './records.ts';
import {
  DEFAULT_FORMAT,
  DELIMITERS,
  type Delimiter,
  type Encoding,
  type ReadOptions,
  type SourceFormat,
} from './source-format.ts';
import { encodingOf } from './text.ts';

/**
 * A header that fits the bound is in it whole: the bound counts UTF-8, of which each byte may be two in UTF-16, and a mark and a
 * line `sep=;` may stand before it.
 */
const SAMPLE_BYTES = 2 * HEADER_BOUNDS.recordBytes + 64;

/** By so much of it the encoding is decided; a wrong byte behind it fails its row. */
const ENCODING_BYTES = 64 * 1024;

export interface Detected {
  readonly format: SourceFormat;
  /** The names of its columns; absent if the source has no record. */
  readonly header?: readonly string[];
  /** Where its first item begins. */
  readonly dataStart: ReadFrom;
}

const BEGIN: ReadFrom = { byteOffset: 0, line: 1 };

/** No header begins like that. */
const JSON_ARRAY = /^\s*\[\s*\{/;

/**
 * Decides from {@link beginningOf} a source how it is written. One whose text begins with a brace is JSON Lines. The delimiter of
 * any other is the first one by which the header names the required columns; if none does, the one that gives the most cells.
 * @throws SourceError NOT_TEXT, NOT_JSON_LINES, RECORD_TOO_LARGE, UNCLOSED_QUOTE
 */
export async function detectFormat(
  sample: Uint8Array,
  columns: readonly Column[],
  options: ReadOptions = {},
): Promise<Detected> {
  const encoding = encodingOf(sample.subarray(0, ENCODING_BYTES), options.encoding);
  const text = new TextDecoder(encoding).decode(sample);
  if (JSON_ARRAY.test(text)) throw notJsonLines();
  return text.trimStart().startsWith('{')
    ? jsonLinesIn(text, encoding, columns)
    : csvIn(sample, { encoding, delimiters: options.delimiter ? [options.delimiter] : DELIMITERS }, columns);
}

const notJsonLines = (): SourceError =>
  new SourceError(
    'NOT_JSON_LINES',
    'The file is one JSON array. It must be JSON Lines: an object on each line, without brackets around them and commas between them.',
  );

/** The columns of JSON Lines are those that are known, and what else the first line names: also a second name of a known one. */
function jsonLinesIn(text: string, encoding: Encoding, columns: readonly Column[]): Detected {
  const format: SourceFormat = { ...DEFAULT_FORMAT, type: 'jsonl', encoding };
  const line = text.trimStart().split('\n', 1)[0]!;
  const known = columns.map(({ name }) => name);
  const found = new Set<string>();
  const others = namesIn(line).filter((name) => {
    const plain = plainName(name);
    const isKnown = known.some((one) => plainName(one) === plain) && !found.has(plain);
    found.add(plain);
    return !isKnown;
  });
  return { format, header: [...known, ...others], dataStart: BEGIN };
}

async function csvIn(
  sample: Uint8Array,
  { encoding, delimiters }: { readonly encoding: Encoding; readonly delimiters: readonly Delimiter[] },
  columns: readonly Column[],
): Promise<Detected> {
  const candidates: Detected[] = [];
  let failure: SourceError | undefined;
  for (const delimiter of delimiters) {
    const format: SourceFormat = { type: 'csv', encoding, delimiter };
    try {
      const first = await headerOf(sample, format);
      const detected = detectedBy(format, first);
      if (first && knowsHeader(first.cells, columns)) return detected;
      candidates.push(detected);
    } catch (error) {
      // By another delimiter it may be readable: a quote counts only where a cell begins.
      if (!(error instanceof SourceError)) throw error;
      failure ??= error;
    }
  }
  const widest = candidates.toSorted((a, b) => (b.header?.length ?? 0) - (a.header?.length ?? 0))[0];
  if (!widest || failure) throw failure!;
  return widest;
}

/** The first record, but for a line `sep=;` before it, by which spreadsheets tell each other the delimiter. */
async function headerOf(sample: Uint8Array, format: SourceFormat): Promise<SourceRecord | undefined> {
  const isMark = ({ cells }: SourceRecord): boolean =>
    cells.join(format.delimiter).toLowerCase() === `sep=${format.delimiter}`;
  for await (const records of readCsv(once(sample), BEGIN, format, HEADER_BOUNDS)) {
    const header = records.find((record) => !isMark(record));
    if (header) return withinBounds(header);
  }
  return undefined;
}

/** Of a fix file there may be more, by what it says of each row. */
function withinBounds(header: SourceRecord): SourceRecord {
  const { cells, line } = header;
  const isTooLarge = bytesIn(cells) + cells.length > RECORD_MAX_BYTES && !isFixFile(cells);
  if (isTooLarge) throw recordTooLarge(line, RECORD_MAX_BYTES);
  return header;
}

const detectedBy = (format: SourceFormat, first: SourceRecord | undefined): Detected =>
  first
    ? { format, header: first.cells, dataStart: { byteOffset: first.endOffset, line: first.nextLine } }
    : { format, dataStart: BEGIN };

/** As much of the beginning of a source as its format can be told by. */
export async function beginningOf(bytes: AsyncIterable<Uint8Array>, length = SAMPLE_BYTES): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let read = 0;
  for await (const piece of bytes) {
    pieces.push(piece);
    read += piece.length;
    if (read >= length) break;
  }
  return Buffer.concat(pieces).subarray(0, length);
}

async function* once(sample: Uint8Array): AsyncGenerator<Uint8Array> {
  yield sample;
}

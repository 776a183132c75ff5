import type { Column } from '../definition.ts';
import { SourceError } from '../errors.ts';
import { plainName } from './column-names.ts';
import { findHeader, refuseBadHeader, type FoundHeader, type Sample } from './csv-header.ts';
import { knowsHeader, mapHeader } from './header.ts';
import { namesIn } from './json-lines.ts';
import { HEADER_MAX_BYTES, type ReadFrom } from '../model/records.ts';
import {
  DEFAULT_FORMAT,
  DELIMITERS,
  type Delimiter,
  type Encoding,
  type ReadOptions,
  type SourceFormat,
} from '../model/source-format.ts';
import { detectEncoding } from './text/encoding.ts';

/**
 * The sample holds any header within the bound. The bound counts UTF-8, of which each byte may be two in UTF-16, and a
 * byte-order mark and a line `sep=;` may precede the header.
 */
const SAMPLE_BYTES = 2 * HEADER_MAX_BYTES + 64;

/** The encoding is detected from these bytes. A wrong byte after them fails its row. */
const ENCODING_BYTES = 64 * 1024;

export interface Detected {
  readonly format: SourceFormat;
  /** The names of the columns; absent if the source has no record. */
  readonly header?: readonly string[];
  /** Where the first item begins. */
  readonly dataStart: ReadFrom;
}

const BEGIN: ReadFrom = { byteOffset: 0, line: 1 };

/** The beginning of a JSON array. No header begins like that. */
const JSON_ARRAY = /^\s*\[\s*\{/;

/**
 * Detects from {@link beginningOf} a source how it is written. A text that begins with a brace is JSON Lines. Any other
 * text is a table. Its delimiter is the first one by which the first record names the required columns; else one by
 * which a record a few lines below names them; else the one that gives the most cells.
 * @throws SourceError NOT_TEXT, NOT_JSON_LINES, DRAWN_TABLE, LINE_ENDS_MISSING, RECORD_TOO_LARGE, UNCLOSED_QUOTE,
 * INVALID_QUOTES; MISSING_COLUMN and the like, if the options of the upload may be why the header does not fit
 */
export async function detectFormat(
  sample: Uint8Array,
  columns: readonly Column[],
  options: ReadOptions = {},
): Promise<Detected> {
  const encoding = detectEncoding(sample.subarray(0, ENCODING_BYTES), options.encoding);
  const text = new TextDecoder(encoding).decode(sample);
  if (JSON_ARRAY.test(text)) throw notJsonLines();
  if (text.trimStart().startsWith('{')) return detectJsonLines(text, encoding, columns);
  const delimiters = options.delimiter ? [options.delimiter] : DELIMITERS;
  const whole = { bytes: sample, isCut: sample.length >= SAMPLE_BYTES };
  const detected = await detectCsv(whole, { encoding, delimiters }, columns);
  if (detected.header) refuseMisread(detected.header, detected.format, columns, options);
  return detected;
}

/**
 * Refuses a header that lacks a required column when it is read with the delimiter or the encoding of the upload: that
 * option may be wrong. A header of ASCII is the same in every encoding, so then the encoding is not the reason.
 * @throws SourceError as {@link mapHeader} does
 */
function refuseMisread(
  header: readonly string[],
  { encoding, delimiter }: SourceFormat,
  columns: readonly Column[],
  asked: ReadOptions,
): void {
  if (knowsHeader(header, columns)) return;
  const byDelimiter = asked.delimiter && `delimiter ${delimiter === '\t' ? 'tab' : `"${delimiter}"`}`;
  const byEncoding = asked.encoding === encoding && /[^\0-\x7F]/.test(header.join('')) && `encoding ${encoding}`;
  const ways = [byDelimiter, byEncoding].filter(Boolean).join(' and the ');
  if (ways === '') return;
  mapHeader(
    header,
    columns,
    ` The file was read with the ${ways}, as the upload asked. Leave the option out to have it detected, or name the right one.`,
  );
}

const notJsonLines = (): SourceError =>
  new SourceError(
    'NOT_JSON_LINES',
    'The file is one JSON array. It must be JSON Lines: one object on each line, without brackets around them or commas between them.',
  );

/**
 * Makes the header of JSON Lines: the known columns, then the other names of the first line, also a second name of a
 * known column.
 */
function detectJsonLines(text: string, encoding: Encoding, columns: readonly Column[]): Detected {
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

async function detectCsv(
  sample: Sample,
  { encoding, delimiters }: { readonly encoding: Encoding; readonly delimiters: readonly Delimiter[] },
  columns: readonly Column[],
): Promise<Detected> {
  const candidates: Candidate[] = [];
  const failures: SourceError[] = [];
  for (const delimiter of delimiters) {
    const format: SourceFormat = { type: 'csv', encoding, delimiter };
    // Another delimiter may make the file readable: a quote counts only where a cell begins.
    const found = await findHeader(sample, format, columns).catch(sourceErrorOf);
    if (found instanceof SourceError) failures.push(found);
    else candidates.push({ ...found, format });
    if (candidates.at(-1)?.isKnown && candidates.at(-1)?.skippedLines === 0) break;
  }
  const { format, skippedLines, ...found } = chooseBest(candidates, failures);
  refuseBadHeader(found, sample, columns);
  const { header, dataStart } = found;
  return { format: { ...format, ...(skippedLines > 0 && { skippedLines }) }, ...(header && { header }), dataStart };
}

interface Candidate extends FoundHeader {
  readonly format: SourceFormat;
}

/**
 * Chooses the candidate whose known header is the highest in the file. If none is known, the failure of another
 * delimiter is thrown, unless it is about wrong quotes; else the candidate with the most columns is chosen.
 */
function chooseBest(candidates: readonly Candidate[], failures: readonly SourceError[]): Candidate {
  const known = candidates.filter(({ isKnown }) => isKnown).toSorted((a, b) => a.skippedLines - b.skippedLines)[0];
  if (known) return known;
  const widest = candidates.toSorted((a, b) => widthOf(b) - widthOf(a))[0];
  const failure = failures.find(({ code }) => !widest || code !== 'INVALID_QUOTES');
  if (!widest || failure) throw failure!;
  return widest;
}

const widthOf = ({ header = [] }: FoundHeader): number => header.length;

function sourceErrorOf(error: unknown): SourceError {
  if (!(error instanceof SourceError)) throw error;
  return error;
}

/** Reads the beginning of a source, as much as its format is detected from. */
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

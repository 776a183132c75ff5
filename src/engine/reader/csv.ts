import { parse, type InfoRecord, type Parser } from 'csv-parse';
import { SourceError } from '../errors.ts';
import { bytesIn, RECORD_BOUNDS, type ReadFrom, type RecordBounds, type SourceRecord } from './records.ts';
import { DEFAULT_FORMAT, type SourceFormat } from './source-format.ts';
import { transcoderOf, type Transcoder } from './transcoder.ts';

/** What the parser keeps back at most, so as to look ahead: of so much nobody knows yet whether the next record has begun. */
const LOOK_AHEAD_BYTES = 8;

interface ParsedRecord {
  readonly record: string[];
  readonly info: InfoRecord;
}

/**
 * Reads records of delimited cells: RFC 4180, and what people have besides — a byte-order mark, any mix of line ends, blank lines,
 * a stray quote inside a field (literal), a missing last line end.
 * @throws SourceError RECORD_TOO_LARGE, UNCLOSED_QUOTE
 */
export async function* readCsv(
  bytes: AsyncIterable<Uint8Array>,
  from: ReadFrom,
  { encoding, delimiter }: Pick<SourceFormat, 'encoding' | 'delimiter'> = DEFAULT_FORMAT,
  bounds: RecordBounds = RECORD_BOUNDS,
): AsyncGenerator<readonly SourceRecord[]> {
  const atStart = from.byteOffset === 0;
  const parser = parse({
    info: true,
    delimiter,
    bom: atStart,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n', '\r'],
  });
  // A failure is told by the write's callback; without a listener it would end the process besides.
  parser.on('error', () => undefined);
  const transcoder = transcoderOf(encoding, from.byteOffset);
  const position = new Position(from, parser, transcoder, bounds);
  let offset = 0;
  try {
    for await (const piece of bytes) {
      const text = transcoder.decode(piece);
      yield* parsed(position, (done) => parser.write(text, done));
      offset += text.length;
      position.bound(offset - LOOK_AHEAD_BYTES);
      position.check();
    }
    const last = transcoder.end();
    yield* parsed(position, (done) => parser.end(last, done));
  } finally {
    parser.destroy();
  }
}

/**
 * Gives the parser something to do and hands on what comes of it: the records first, also those before a failure. Nothing is
 * left under way while a caller is at work.
 */
async function* parsed(
  position: Position,
  start: (done: (error?: Error | null) => void) => void,
): AsyncGenerator<readonly SourceRecord[]> {
  const { promise, resolve } = Promise.withResolvers<Error | null | undefined>();
  start(resolve);
  const records = [...position.take()];
  // Behind a record that is too large nothing is taken, and a parser that is full of what is not taken never answers.
  const failure = position.isTooLarge ? undefined : await promise;
  if (!position.isTooLarge) records.push(...position.take());
  if (records.length > 0) yield records;
  position.check();
  if (failure) throw position.unclosedQuote();
}

/**
 * Where the parser is. csv-parse's own line count takes a CRLF inside quotes for two lines, so lines are counted here: one for
 * the record, one for each line end inside its cells, one for each blank line before it.
 */
class Position {
  readonly #parser: Parser;
  readonly #transcoder: Transcoder;
  readonly #bounds: RecordBounds;
  /** After the last record. */
  #line: number;
  /** In the parser's UTF-8. */
  #end = 0;
  #blankLines = 0;
  #tooLarge: SourceError | undefined;

  constructor(from: ReadFrom, parser: Parser, transcoder: Transcoder, bounds: RecordBounds) {
    this.#bounds = bounds;
    this.#parser = parser;
    this.#transcoder = transcoder;
    this.#line = from.line;
  }

  /** The records that are complete by now, up to one that is too large. */
  *take(): Generator<SourceRecord> {
    let next = this.#read();
    while (next !== null && this.#fits(next)) {
      yield this.#advance(next);
      next = this.#read();
    }
  }

  /** What was read up to `offset` belongs to the records taken, and to one more. */
  bound(offset: number, emptyLines = this.#parser.info.empty_lines): void {
    const { recordBytes } = this.#bounds;
    if (offset - this.#end > recordBytes) this.#tooLarge = recordTooLarge(this.#lineAfter(emptyLines), recordBytes);
  }

  get isTooLarge(): boolean {
    return this.#tooLarge !== undefined;
  }

  /** @throws SourceError if a record is too large */
  check(): void {
    if (this.#tooLarge) throw this.#tooLarge;
  }

  /** With the settings above the parser has one way to fail. */
  unclosedQuote(): SourceError {
    return new SourceError(
      'UNCLOSED_QUOTE',
      `The record at line ${this.#lineAfter(this.#parser.info.empty_lines)} opens a quote that is never closed. Close it, or double a quote that is meant literally.`,
    );
  }

  #fits({ record, info }: ParsedRecord): boolean {
    // Not the parser's own count: that is further, by what it has read behind this record.
    this.bound(info.bytes, info.empty_lines);
    const { cellBytes } = this.#bounds;
    // The cells are no longer than the record, and hardly a record needs to be measured.
    if (info.bytes - this.#end > cellBytes && bytesIn(record) > cellBytes)
      this.#tooLarge = recordTooLarge(this.#lineAfter(info.empty_lines), cellBytes);
    return !this.isTooLarge;
  }

  #read(): ParsedRecord | null {
    // csv-parse types what its stream gives as unknown; this is the shape that `info: true` gives it.
    return this.#parser.read() as ParsedRecord | null;
  }

  #advance({ record, info }: ParsedRecord): SourceRecord {
    const line = this.#lineAfter(info.empty_lines);
    this.#blankLines = info.empty_lines;
    this.#line = line + 1 + lineEndsInside(record);
    this.#end = info.bytes;
    const endOffset = this.#transcoder.sourceOffset(info.bytes);
    return { cells: record, line, endOffset, nextLine: this.#line };
  }

  /** Of a record, by the parser's count of the blank lines before it. */
  #lineAfter(emptyLines: number): number {
    return this.#line + emptyLines - this.#blankLines;
  }
}

export const recordTooLarge = (line: number, maxBytes: number): SourceError =>
  new SourceError(
    'RECORD_TOO_LARGE',
    `The record at line ${line} is longer than ${maxBytes} bytes, its line end and blank lines before it included. If it should not be, a quote that is never closed is the usual reason.`,
  );

const LINE_END = /\r\n|\n|\r/;

function lineEndsInside(cells: readonly string[]): number {
  let count = 0;
  for (const cell of cells) {
    // The search for a line end is what most cells cost; the split is for the few that have one.
    if (LINE_END.test(cell)) count += cell.split(LINE_END).length - 1;
  }
  return count;
}

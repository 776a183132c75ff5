import { CsvError, parse, type InfoRecord } from 'csv-parse';
import { SourceError } from '../errors.ts';
import { RECORD_MAX_BYTES, type ReadFrom, type SourceRecord } from './records.ts';
import { refuseBinary } from './text.ts';

interface ParsedRecord {
  readonly record: string[];
  readonly info: InfoRecord;
}

/**
 * Reads comma-separated records: RFC 4180, and what people have besides — a byte-order mark, any mix of line ends, blank lines,
 * a stray quote inside a field (literal), a missing last line end.
 * @throws SourceError NOT_TEXT, RECORD_TOO_LARGE, UNCLOSED_QUOTE
 */
export async function* readCsv(
  bytes: AsyncIterable<Uint8Array>,
  from: ReadFrom,
): AsyncGenerator<readonly SourceRecord[]> {
  const atStart = from.byteOffset === 0;
  const position = new Position(from);
  const parser = parse({
    info: true,
    bom: atStart,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: RECORD_MAX_BYTES,
  });
  // The error reaches the writer through the write's callback; without a listener the process would end too.
  parser.on('error', () => undefined);

  const drain = (): SourceRecord[] => {
    const records: SourceRecord[] = [];
    for (let next = read(parser); next !== null; next = read(parser)) records.push(position.advance(next));
    return records;
  };
  try {
    for await (const piece of atStart ? refuseBinary(bytes) : bytes) {
      const written = callback((done) => parser.write(piece, done));
      const records = drain();
      if (records.length > 0) yield records;
      await written;
    }
    const ended = callback((done) => parser.end(done));
    const records = drain();
    await ended;
    records.push(...drain());
    if (records.length > 0) yield records;
  } catch (error) {
    if (error instanceof CsvError) throw unreadable(error, position.line);
    throw error;
  } finally {
    parser.destroy();
  }
}

// csv-parse types its stream's records as unknown to the caller; this is the shape that `info: true` gives it.
const read = (parser: { read(): unknown }): ParsedRecord | null => parser.read() as ParsedRecord | null;

const callback = (start: (done: (error?: Error | null) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()));
  });

/**
 * Byte offsets and lines of records. csv-parse's own line count takes a CRLF inside quotes for two lines, so lines are counted
 * here: one for the record, one for each line end inside its cells, one for each blank line before it.
 */
class Position {
  readonly #start: number;
  #blankLines = 0;
  line: number;

  constructor(from: ReadFrom) {
    this.#start = from.byteOffset;
    this.line = from.line;
  }

  advance({ record, info }: ParsedRecord): SourceRecord {
    const line = this.line + info.empty_lines - this.#blankLines;
    this.#blankLines = info.empty_lines;
    this.line = line + 1 + lineEndsInside(record);
    return { cells: record, line, endOffset: this.#start + info.bytes, nextLine: this.line };
  }
}

function lineEndsInside(cells: readonly string[]): number {
  let count = 0;
  for (const cell of cells) {
    if (cell.includes('\n') || cell.includes('\r')) count += cell.match(/\r\n|\n|\r/g)?.length ?? 0;
  }
  return count;
}

function unreadable(error: CsvError, line: number): SourceError {
  return error.code === 'CSV_QUOTE_NOT_CLOSED'
    ? new SourceError(
        'UNCLOSED_QUOTE',
        `The record at line ${line} opens a quote that is never closed. Close it, or double a quote that is meant literally.`,
      )
    : new SourceError(
        'RECORD_TOO_LARGE',
        `The record at line ${line} is longer than ${RECORD_MAX_BYTES} bytes. If it should not be, a quote that is never closed is the usual reason.`,
      );
}

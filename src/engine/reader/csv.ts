import { parse, type Parser } from 'csv-parse';
import { CsvRecords } from './csv-records.ts';
import { WithoutEndMark } from './end-mark.ts';
import { RECORD_MAX_BYTES, type ReadFrom, type SourceRecord } from './records.ts';
import { DEFAULT_FORMAT, type SourceFormat } from './source-format.ts';
import { transcoderOf } from './transcoder.ts';

/** What the parser keeps back at most, so as to look ahead: of so much nobody knows yet whether the next record has begun. */
const LOOK_AHEAD_BYTES = 8;

/**
 * Reads records of delimited cells: RFC 4180, and what people have besides — a byte-order mark, any mix of line ends, blank lines,
 * blanks around a quoted cell, a quote inside a bare cell (literal), a missing last line end, the end mark of DOS. What is read
 * and what is refused is listed in docs/files.md.
 * @throws SourceError RECORD_TOO_LARGE, UNCLOSED_QUOTE, INVALID_QUOTES
 */
export async function* readCsv(
  bytes: AsyncIterable<Uint8Array>,
  from: ReadFrom,
  { encoding, delimiter }: Pick<SourceFormat, 'encoding' | 'delimiter'> = DEFAULT_FORMAT,
  maxBytes = RECORD_MAX_BYTES,
): AsyncGenerator<readonly SourceRecord[]> {
  const parser = parserOf(delimiter, from);
  const transcoder = transcoderOf(encoding, from.byteOffset);
  const records = new CsvRecords(from, { parser, transcoder, delimiter, maxBytes });
  const endMark = new WithoutEndMark();
  let offset = 0;
  try {
    for await (const piece of bytes) {
      const text = endMark.take(transcoder.decode(piece));
      if (text.length === 0) continue;
      records.show(text);
      yield* parsed(records, (done) => parser.write(text, done));
      offset += text.length;
      records.bound(offset - LOOK_AHEAD_BYTES);
      records.check();
    }
    const last = endMark.take(transcoder.end());
    records.show(last, true);
    yield* parsed(records, (done) => parser.end(last, done));
  } finally {
    parser.destroy();
  }
}

function parserOf(delimiter: string, { byteOffset }: ReadFrom): Parser {
  const parser = parse({
    info: true,
    delimiter,
    bom: byteOffset === 0,
    // Without it a quote behind a blank would be one inside a bare cell.
    ltrim: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n', '\r'],
  });
  // A failure is told by the write's callback; without a listener it would end the process besides.
  parser.on('error', () => undefined);
  return parser;
}

/**
 * Gives the parser something to do and hands on what comes of it: the records first, also those before a failure. Nothing is
 * left under way while a caller is at work.
 */
async function* parsed(
  records: CsvRecords,
  start: (done: (error?: Error | null) => void) => void,
): AsyncGenerator<readonly SourceRecord[]> {
  const { promise, resolve } = Promise.withResolvers<Error | null | undefined>();
  start(resolve);
  const first = records.take();
  // Behind a failure nothing is taken, and a parser that is full of what is not taken never answers.
  const failure = records.hasFailed ? undefined : await promise;
  const taken = first.concat(records.take());
  if (taken.length > 0) yield taken;
  records.check();
  if (failure) throw records.unclosedQuote();
}

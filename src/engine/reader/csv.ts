import { CsvRecords } from './csv-records.ts';
import { WithoutEndMark } from './text/end-mark.ts';
import { RECORD_MAX_BYTES, type ReadFrom, type SourceRecord } from '../model/records.ts';
import { DEFAULT_FORMAT, type SourceFormat } from '../model/source-format.ts';
import { transcoderOf } from './text/transcoder.ts';

/**
 * Reads records of delimited cells: RFC 4180, and what people have besides — a byte-order mark, any mix of line ends,
 * blank lines, blanks around a quoted cell, a quote inside a bare cell (literal), a missing last line end, the end mark
 * of DOS. What is read and what is refused is listed in docs/files.md.
 * @throws SourceError RECORD_TOO_LARGE, UNCLOSED_QUOTE, INVALID_QUOTES
 */
export async function* readCsv(
  bytes: AsyncIterable<Uint8Array>,
  from: ReadFrom,
  { encoding, delimiter }: Pick<SourceFormat, 'encoding' | 'delimiter'> = DEFAULT_FORMAT,
  maxBytes = RECORD_MAX_BYTES,
): AsyncGenerator<readonly SourceRecord[]> {
  const transcoder = transcoderOf(encoding, from.byteOffset);
  const records = new CsvRecords(from, { transcoder, delimiter, maxBytes });
  const endMark = new WithoutEndMark();
  try {
    for await (const piece of bytes) {
      const text = endMark.take(transcoder.decode(piece));
      if (text.length > 0) yield* parsed(records, text, false);
    }
    yield* parsed(records, endMark.take(transcoder.end()), true);
  } finally {
    records.parser.destroy();
  }
}

/**
 * Gives the parser a text and hands on what comes of it: the records first, also those before a failure. Nothing is
 * left under way while a caller is at work.
 */
async function* parsed(
  records: CsvRecords,
  text: Uint8Array,
  isLast: boolean,
): AsyncGenerator<readonly SourceRecord[]> {
  records.show(text, isLast);
  for (let rest: Uint8Array | undefined = text; rest; rest = records.begunAgain()) {
    const { promise, resolve } = Promise.withResolvers<Error | null | undefined>();
    if (isLast) records.parser.end(rest, (error?: Error | null) => resolve(error));
    else records.parser.write(rest, resolve);
    const first = records.take();
    // A parser that is full of what is not taken never answers.
    const failure = records.takesMore ? await promise : undefined;
    const taken = first.concat(records.take());
    if (taken.length > 0) yield taken;
    if (failure) records.isUnclosed();
    else if (!isLast) records.bound();
    records.check();
  }
}

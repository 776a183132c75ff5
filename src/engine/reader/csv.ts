import { CsvRecords } from './csv-records.ts';
import { EndMarkFilter } from './text/end-mark.ts';
import { RECORD_MAX_BYTES, type ReadFrom, type SourceRecord } from '../model/records.ts';
import { DEFAULT_FORMAT, type SourceFormat } from '../model/source-format.ts';
import { createTranscoder } from './text/transcoder.ts';

/**
 * Reads records of delimited cells: RFC 4180, and what programs write besides, such as a byte-order mark, any mix of
 * line ends, blank lines, blanks around a quoted cell, a literal quote inside a bare cell, a missing last line end, and
 * the end mark of DOS. docs/files.md lists what is read and what is refused.
 * @throws SourceError RECORD_TOO_LARGE, UNCLOSED_QUOTE, INVALID_QUOTES
 */
export async function* readCsv(
  bytes: AsyncIterable<Uint8Array>,
  from: ReadFrom,
  { encoding, delimiter }: Pick<SourceFormat, 'encoding' | 'delimiter'> = DEFAULT_FORMAT,
  maxBytes = RECORD_MAX_BYTES,
): AsyncGenerator<readonly SourceRecord[]> {
  const transcoder = createTranscoder(encoding, from.byteOffset);
  const records = new CsvRecords(from, { transcoder, delimiter, maxBytes });
  const endMark = new EndMarkFilter();
  try {
    for await (const piece of bytes) {
      const text = endMark.take(transcoder.decode(piece));
      if (text.length > 0) yield* parse(records, text, false);
    }
    yield* parse(records, endMark.take(transcoder.end()), true);
  } finally {
    records.parser.destroy();
  }
}

/**
 * Gives the parser a text and yields its records, also those before a failure. While the caller handles them, nothing
 * is under way.
 */
async function* parse(records: CsvRecords, text: Uint8Array, isLast: boolean): AsyncGenerator<readonly SourceRecord[]> {
  records.note(text, isLast);
  for (let rest: Uint8Array | undefined = text; rest; rest = records.restart()) {
    const { promise, resolve } = Promise.withResolvers<Error | null | undefined>();
    if (isLast) records.parser.end(rest, (error?: Error | null) => resolve(error));
    else records.parser.write(rest, resolve);
    const first = records.take();
    // The callback is never called if the parser is full and nothing is taken from it.
    const failure = records.takesMore ? await promise : undefined;
    const taken = first.concat(records.take());
    if (taken.length > 0) yield taken;
    if (failure) records.failUnclosed();
    else if (!isLast) records.checkLength();
    records.check();
  }
}

import { parse, type InfoRecord, type Parser } from 'csv-parse';

export interface ParsedRecord {
  readonly record: string[];
  readonly info: InfoRecord;
}

export interface ParserSetting {
  readonly delimiter: string;
  /** A byte-order mark may stand before the text. */
  readonly bom: boolean;
  /** A quote behind blanks begins a quoted cell. The blanks before a bare cell are lost then. */
  readonly ltrim: boolean;
}

export function parserOf(setting: ParserSetting): Parser {
  const parser = parse({
    ...setting,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n', '\r'],
  });
  // A failure is told by the write's callback; without a listener it would end the process besides.
  parser.on('error', () => undefined);
  return parser;
}

export const nextRecord = (parser: Parser): ParsedRecord | null =>
  // csv-parse types what its stream gives as unknown; this is the shape that `info: true` gives it.
  parser.read() as ParsedRecord | null;

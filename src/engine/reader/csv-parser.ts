import { parse, type InfoRecord, type Parser } from 'csv-parse';

export interface ParsedRecord {
  readonly record: string[];
  readonly info: InfoRecord;
}

export interface ParserSetting {
  readonly delimiter: string;
  /** Whether a byte-order mark may precede the text. */
  readonly bom: boolean;
  /** Whether a quote after blanks begins a quoted cell. Then the blanks before a bare cell are lost. */
  readonly ltrim: boolean;
}

export function createParser(setting: ParserSetting): Parser {
  const parser = parse({
    ...setting,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n', '\r'],
  });
  // The callback of the write gets the failure. Without a listener the event would end the process.
  parser.on('error', () => undefined);
  return parser;
}

export const nextRecord = (parser: Parser): ParsedRecord | null =>
  // csv-parse types what its stream gives as unknown; this is the shape that `info: true` gives it.
  parser.read() as ParsedRecord | null;

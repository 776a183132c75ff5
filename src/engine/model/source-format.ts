/** In the order in which they are tried. */
export const DELIMITERS = [',', ';', '\t', '|'] as const;

export type Delimiter = (typeof DELIMITERS)[number];

/**
 * By their labels in the WHATWG Encoding Standard. The first four are recognized; the others are read where the
 * uploader names one.
 */
export const ENCODINGS = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1252',
  'windows-1250',
  'windows-1251',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1257',
  'windows-1258',
  'windows-874',
  'iso-8859-2',
  'iso-8859-5',
  'iso-8859-7',
  'iso-8859-15',
  'koi8-r',
  'koi8-u',
  'ibm866',
  'macintosh',
  'shift_jis',
  'euc-jp',
  'gb18030',
  'big5',
  'euc-kr',
] as const;
export type Encoding = (typeof ENCODINGS)[number];

/**
 * What the uploader says of a source where its bytes leave a choice. Kept on the job: every reading of it makes the
 * same choice.
 */
export interface ReadOptions {
  /** Where local times are local: a name of the IANA database, or an offset. */
  readonly timeZone?: string;
  readonly encoding?: Encoding;
  readonly delimiter?: Delimiter;
  /** Cells that are one of these, in the same case, are empty. */
  readonly nullWords?: readonly string[];
  /** A source with a column that is not known is refused. */
  readonly strict?: boolean;
}

/**
 * `csv`: records of delimited cells behind a header; `jsonl`: an object of JSON on each line, which names its cells
 * itself.
 */
export const SOURCE_TYPES = ['csv', 'jsonl'] as const;

/** How the text of a source is written. */
export interface SourceFormat {
  readonly type: (typeof SOURCE_TYPES)[number];
  readonly encoding: Encoding;
  /** Of `jsonl`: what its failed rows are delimited by when they are written as CSV. */
  readonly delimiter: Delimiter;
  /** Lines before the header that are no part of the table; absent if there are none. */
  readonly skippedLines?: number;
  /** There if the source is compressed. Offsets then count decoded bytes. */
  readonly compression?: 'gzip';
}

export const DEFAULT_FORMAT: SourceFormat = { type: 'csv', encoding: 'utf-8', delimiter: ',' };

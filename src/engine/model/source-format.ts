/** The delimiters, in the order in which they are tried. */
export const DELIMITERS = [',', ';', '\t', '|'] as const;

export type Delimiter = (typeof DELIMITERS)[number];

/**
 * The labels of the WHATWG Encoding Standard. The first four encodings are detected; the others are used if the caller
 * names one.
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
 * The caller's choices where the bytes of a source can be read in several ways. They are stored on the job, so every
 * reading makes the same choice.
 */
export interface ReadOptions {
  /** The time zone of times without an offset: a name of the IANA database, or an offset. */
  readonly timeZone?: string;
  readonly encoding?: Encoding;
  readonly delimiter?: Delimiter;
  /** A cell that is one of these words, in the same case, counts as empty. */
  readonly nullWords?: readonly string[];
  /** Whether a source with an unknown column is refused. */
  readonly strict?: boolean;
}

/** `csv` has a header and records of delimited cells. `jsonl` has a JSON object on each line, which names its cells. */
export const SOURCE_TYPES = ['csv', 'jsonl'] as const;

/** The format of the text of a source. */
export interface SourceFormat {
  readonly type: (typeof SOURCE_TYPES)[number];
  readonly encoding: Encoding;
  /** For `jsonl`, the delimiter of its failed rows when they are written as CSV. */
  readonly delimiter: Delimiter;
  /** The number of lines before the header that are not part of the table; absent if there are none. */
  readonly skippedLines?: number;
  /** The compression, if the source is compressed. Offsets then count decoded bytes. */
  readonly compression?: 'gzip';
}

export const DEFAULT_FORMAT: SourceFormat = { type: 'csv', encoding: 'utf-8', delimiter: ',' };

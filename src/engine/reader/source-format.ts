/** In the order in which they are tried. */
export const DELIMITERS = [',', ';', '\t', '|'] as const;

export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** `csv`: records of delimited cells behind a header; `jsonl`: an object of JSON on each line, which names its cells itself. */
export const SOURCE_TYPES = ['csv', 'jsonl'] as const;

/** How the text of a source is written. */
export interface SourceFormat {
  readonly type: (typeof SOURCE_TYPES)[number];
  readonly encoding: Encoding;
  /** Of `jsonl`: what its failed rows are delimited by when they are written as CSV. */
  readonly delimiter: (typeof DELIMITERS)[number];
  /** There if the source is compressed. Offsets then count decoded bytes. */
  readonly gzip?: {
    /** The decoded size that the source itself claims; nobody else knows it before the end. */
    readonly claimedBytes: number;
  };
}

export const DEFAULT_FORMAT: SourceFormat = { type: 'csv', encoding: 'utf-8', delimiter: ',' };

/** In the order in which they are tried. */
export const DELIMITERS = [',', ';', '\t', '|'] as const;

export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** How the text of a source is written. */
export interface SourceFormat {
  readonly encoding: Encoding;
  readonly delimiter: (typeof DELIMITERS)[number];
}

export const DEFAULT_FORMAT: SourceFormat = { encoding: 'utf-8', delimiter: ',' };

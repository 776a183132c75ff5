/** A kind of file that has no rows of text, with the way out. */
export interface Kind {
  readonly name: string;
  readonly wayOut: string;
}

const SAVE = 'Save the sheet as CSV, in UTF-8 if possible, and give that file.';
const UNPACK = 'Unpack it and give the file that is in it. gzip is the only compression that the service reads.';
const EXPORT = 'Export its rows as CSV or JSON Lines and give that file.';

/** The first bytes of each kind, a character for each byte. No CSV or JSON file begins like that. */
const KINDS: readonly (readonly [begin: RegExp, name: string, wayOut: string])[] = [
  [/^PK(?:\x03\x04|\x05\x06|\x07\x08)/, 'a workbook (such as .xlsx or .ods) or a ZIP archive', SAVE],
  [/^\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1/, 'a workbook of an older Excel (.xls)', SAVE],
  [/^%PDF-/, 'a PDF', EXPORT],
  [/^PAR1\x15/, 'a Parquet file', EXPORT],
  [/^SQLite format 3\0/, 'an SQLite database', EXPORT],
  [/^\x28\xB5\x2F\xFD/, 'compressed with Zstandard', UNPACK],
  [/^BZh[1-9](?:1AY&SY|\x17rE8P\x90)/, 'compressed with bzip2', UNPACK],
  [/^\xFD7zXZ\0/, 'compressed with xz', UNPACK],
  [/^7z\xBC\xAF\x27\x1C/, 'a 7-Zip archive', UNPACK],
  [/^Rar!\x1A\x07/, 'a RAR archive', UNPACK],
];

/** Detects the kind of a file by its first bytes. Returns undefined if the file may be text. */
export function detectKind(head: Uint8Array): Kind | undefined {
  const text = Buffer.from(head).toString('latin1');
  const [, name, wayOut] = KINDS.find(([begin]) => begin.test(text)) ?? [];
  return name === undefined || wayOut === undefined ? undefined : { name, wayOut };
}

import {
  BACKSLASHED,
  ESCAPED,
  ESCAPED_BY_MARIADB,
  LINE_FEEDS_ALONE,
  SPREADSHEET,
  TABLE,
  TABS_SPREAD,
  WHOLE_SECONDS,
  withNoRow,
  withoutDates,
  WITHOUT_EMOJI,
  WITHOUT_NA,
  withWords,
  type Rows,
} from './table.ts';

/** The options of an upload. */
export interface Options {
  readonly timeZone?: string;
  readonly nullWords?: readonly string[];
}

/** The expected result of reading a file. */
export interface Expected {
  readonly file: string;
  readonly options?: Options;
  readonly format?: string;
  /** Why the whole file is refused. */
  readonly failed?: string;
  readonly rows?: Rows;
  /**
   * The format does not show where a cell ends. Rows may fail, but each task from the file must be one of these rows.
   */
  readonly only?: Rows;
}

const csv = (delimiter: string, encoding = 'utf-8'): string => `csv ${encoding} ${JSON.stringify(delimiter)}`;
const COMMAS = csv(',');
const SEMICOLONS = csv(';');
const TABS = csv('\t');
const BARS = csv('|');
const LINES = 'jsonl utf-8';

const reads = (file: string, format: string, rows: Rows = TABLE, options?: Options): Expected => ({
  file,
  format,
  rows,
  ...(options && { options }),
});
const refuses = (file: string, failed: string): Expected => ({ file, failed });
const unclear = (file: string, only: Rows = TABLE, options?: Options): Expected => ({
  file,
  only,
  ...(options && { options }),
});

const UTC: Options = { timeZone: 'UTC' };

/** Expects times without an offset to be refused, and to be read if the upload names their time zone. */
const local = (file: string, format: string, rows: Parameters<typeof withoutDates>[0]): Expected[] => [
  reads(file, format, withoutDates(rows)),
  reads(file, format, rows, UTC),
];

/** Expects a word for no value to be refused as a date, and to be empty if the upload names it. */
const words = (file: string, format: string, word: string, rows = TABLE): Expected[] => [
  reads(file, format, withWords(rows)),
  reads(file, format, rows, { nullWords: [word] }),
];

/** Expects both, as databases without time zones write files. */
const localWords = (file: string, format: string, word: string, rows: typeof TABLE, named = rows): Expected[] => [
  reads(file, format, withNoRow(rows)),
  reads(file, format, named, { ...UTC, nullWords: [word] }),
];

const rowsOfLines = (rows: Rows): Rows =>
  Object.fromEntries(
    Object.entries(rows).map(([row, one]) => [
      row,
      typeof one === 'string' ? `${Number(row) - 1} INVALID_DATE dueAt` : one,
    ]),
  );

/** The table without the rows that have a line end in a cell. Two rows with a tab in a cell are refused. */
const RAW: Rows = {
  2: WHOLE_SECONDS[2]!,
  3: WHOLE_SECONDS[3]!,
  ...Object.fromEntries([6, 7, 9, 10, 11, 12, 13].map((row) => [row - 2, WHOLE_SECONDS[row]!])),
  6: '6 TOO_MANY_FIELDS',
  12: '12 TOO_MANY_FIELDS',
};

/** Each file, with its expected result. */
export const expected: readonly Expected[] = [
  // PostgreSQL
  reads('postgresql-copy.csv', COMMAS),
  reads('postgresql-copy-kolkata.csv', COMMAS),
  reads('postgresql-copy-semicolons.csv', SEMICOLONS),
  reads('postgresql-copy-null.csv', COMMAS),
  ...local('postgresql-copy-timestamp.csv', COMMAS, TABLE),
  reads('postgresql-copy-text.tsv', TABS, ESCAPED),
  reads('postgresql-row-to-json.jsonl', LINES),
  reads('psql-csv.csv', COMMAS),
  unclear('psql-aligned.txt', TABS_SPREAD),
  unclear('psql-unaligned.txt'),

  // MariaDB
  unclear('mariadb-outfile.csv', WHOLE_SECONDS, { ...UTC, nullWords: ['NULL'] }),
  unclear('mariadb-outfile-backslashes.csv', BACKSLASHED, UTC),
  unclear('mariadb-outfile.tsv', BACKSLASHED, UTC),
  unclear('mariadb-batch.tsv', ESCAPED_BY_MARIADB, { ...UTC, nullWords: ['NULL'] }),
  reads('mariadb-batch-raw.tsv', TABS, RAW, { ...UTC, nullWords: ['NULL'] }),
  unclear('mariadb-table.txt', WHOLE_SECONDS, { ...UTC, nullWords: ['NULL'] }),

  // sqlite
  ...local('sqlite-csv.csv', COMMAS, WHOLE_SECONDS),
  ...localWords('sqlite-csv-null.csv', COMMAS, 'NULL', WHOLE_SECONDS),
  unclear('sqlite-tabs.tsv', WHOLE_SECONDS, UTC),
  unclear('sqlite-list.txt', WHOLE_SECONDS, UTC),
  refuses('sqlite-json.json', 'NOT_JSON_LINES'),

  // pandas, and Python's csv
  reads('pandas.csv', COMMAS),
  reads('pandas.csv.gz', `${COMMAS} gzip`),
  reads('pandas-berlin.csv', COMMAS),
  reads('pandas-floats.csv', COMMAS),
  ...words('pandas-no-index-mark.csv', COMMAS, 'NaN'),
  ...local('pandas-no-zone.csv', COMMAS, TABLE),
  reads('pandas-strftime.csv', COMMAS, WHOLE_SECONDS),
  reads('pandas-utf16.csv', csv('\t', 'utf-16le')),
  reads('pandas-iso.jsonl', LINES),
  reads('pandas-epoch.jsonl', LINES, rowsOfLines(withoutDates(TABLE))),
  reads('python-csv.csv', COMMAS),
  unclear('python-csv-unix.csv', { ...TABLE, 13: BACKSLASHED[13]! }),

  // R
  ...localWords('r-write-csv.csv', COMMAS, 'NA', SPREADSHEET, WITHOUT_NA),
  ...local('r-write-csv-plain.csv', COMMAS, SPREADSHEET),
  ...localWords('r-write-csv2.csv', SEMICOLONS, 'NA', SPREADSHEET, WITHOUT_NA),
  unclear('r-write-table.txt', SPREADSHEET, { ...UTC, nullWords: ['NA'] }),
  unclear('r-write-table-commas.csv', WITHOUT_NA, { ...UTC, nullWords: ['NA'] }),
  unclear('r-write-table-tabs.tsv', SPREADSHEET, { ...UTC, nullWords: ['NA'] }),

  // DuckDB
  reads('duckdb.csv', COMMAS),
  reads('duckdb.csv.gz', `${COMMAS} gzip`),
  reads('duckdb.json', LINES),
  reads('duckdb-kolkata.csv', COMMAS),
  ...local('duckdb-timestamp.csv', COMMAS, TABLE),
  ...words('duckdb-bars.csv', BARS, 'NULL'),

  // Miller
  ...words('miller.csv', COMMAS, 'null'),
  ...words('miller-quote-all.csv', SEMICOLONS, 'null'),
  ...words('miller.tsv', TABS, 'null', ESCAPED),
  reads('miller.jsonl', LINES),
  refuses('miller.json', 'NOT_JSON_LINES'),

  // exceljs and SheetJS
  refuses('exceljs.xlsx', 'NOT_TEXT'),
  reads('exceljs.csv', COMMAS, WHOLE_SECONDS),
  reads('exceljs-utc.csv', COMMAS, WHOLE_SECONDS),
  reads('sheetjs.csv', COMMAS, withoutDates(TABLE)),
  reads('sheetjs-iso.csv', SEMICOLONS, withoutDates(TABLE)),
  reads('sheetjs-unicode-text.txt', csv('\t', 'utf-16le'), withoutDates(TABLE)),

  // Spreadsheets, and programs that read their files
  ...local('libreoffice.csv', csv(',', 'windows-1252'), WITHOUT_EMOJI),
  ...local('libreoffice-semicolons-quoted.csv', SEMICOLONS, SPREADSHEET),
  ...local('libreoffice-tabs-utf16.csv', csv('\t', 'utf-16le'), SPREADSHEET),
  ...local('libreoffice-german-windows-1252.csv', csv(';', 'windows-1252'), WITHOUT_EMOJI),
  reads('gnumeric.csv', COMMAS, withoutDates(LINE_FEEDS_ALONE)),
  reads('gnumeric-semicolons.txt', SEMICOLONS, withoutDates(LINE_FEEDS_ALONE)),
  ...local('xlsx2csv.csv', COMMAS, SPREADSHEET),
  ...local('xlsx2csv-tabs.tsv', TABS, SPREADSHEET),

  // Compressors
  reads('bgzip.csv.gz', `${COMMAS} gzip`),
  reads('pigz.csv.gz', `${COMMAS} gzip`),
  refuses('pigz-zlib.csv.zz', 'NOT_TEXT'),

  // Java
  reads('java-offset.csv', COMMAS),
  reads('java-instant.csv', COMMAS),
  reads('java-zoned.csv', COMMAS),
  reads('java-informix.csv', COMMAS),
  unclear('java-mysql.tsv', ESCAPED),

  // PowerShell, by hand
  reads('powershell-5.csv', COMMAS),
  reads('powershell-7.csv', COMMAS),
];

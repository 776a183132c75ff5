import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DELIMITERS } from '../../src/engine/index.ts';
import { read } from './reading.ts';

const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = Math.ceil(Number(process.env['FUZZ_RUNS'] ?? 1_500) / 10);

/** A table as a caller has it. A cell may have no value. */
type Cell = string | null;
interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** How a program writes its files. */
interface Dialect {
  readonly program: string;
  readonly delimiters: readonly string[];
  readonly lineEnds: readonly string[];
  /** The text before the first line. */
  readonly mark?: string;
  /** The text that means no value. */
  readonly nothing: string;
  /** Whether a cell is quoted. A program may quote texts and not numbers. */
  readonly isQuoted: (cell: string, delimiter: string) => boolean;
  /** The text after each delimiter. */
  readonly blank?: string;
  readonly hasLastLineEnd?: boolean;
  /** The first cell of the header, if each row begins with its number. False: the header lacks that cell. */
  readonly rowNames?: string | false;
}

const NEEDS_QUOTES = /["\r\n]/;
const needsQuotes = (cell: string, delimiter: string): boolean => NEEDS_QUOTES.test(cell) || cell.includes(delimiter);
const isNumber = (cell: string): boolean => /^-?\d+(?:\.\d+)?$/.test(cell);
const minimal = { isQuoted: needsQuotes, nothing: '' };
const always = { isQuoted: () => true, nothing: '' };

/** The settings of programs. `test/corpus/writers` has files that the programs wrote themselves. */
const DIALECTS: readonly Dialect[] = [
  { program: 'LibreOffice', ...minimal, delimiters: DELIMITERS, lineEnds: ['\n'] },
  {
    program: 'LibreOffice, all text cells',
    ...minimal,
    isQuoted: (cell) => !isNumber(cell),
    delimiters: DELIMITERS,
    lineEnds: ['\n'],
  },
  {
    program: 'Gnumeric',
    ...minimal,
    isQuoted: (cell, at) => needsQuotes(cell, at) || /^\s|\s$|'/.test(cell),
    delimiters: [',', ';', '\t'],
    lineEnds: ['\n', '\r\n'],
  },
  { program: 'Excel', ...minimal, delimiters: [',', ';', '\t'], lineEnds: ['\r\n'], mark: '\uFEFF' },
  {
    program: 'Excel, with the mark of its delimiter',
    ...minimal,
    delimiters: [';'],
    lineEnds: ['\r\n'],
    mark: 'sep=;\r\n',
  },
  {
    program: 'PostgreSQL COPY',
    isQuoted: (cell, at) => cell === '' || needsQuotes(cell, at) || cell === String.raw`\.`,
    nothing: '',
    delimiters: DELIMITERS,
    lineEnds: ['\n'],
  },
  { program: 'PostgreSQL COPY, FORCE_QUOTE *', ...always, delimiters: DELIMITERS, lineEnds: ['\n'] },
  {
    program: 'MariaDB INTO OUTFILE, ENCLOSED BY',
    isQuoted: () => true,
    nothing: String.raw`\N`,
    delimiters: DELIMITERS,
    lineEnds: ['\n', '\r\n'],
  },
  {
    program: 'sqlite3 .mode csv',
    ...minimal,
    isQuoted: (cell, at) => needsQuotes(cell, at) || /[\s']/.test(cell) || cell === '',
    delimiters: [','],
    lineEnds: ['\r\n'],
  },
  { program: 'pandas', ...minimal, delimiters: DELIMITERS, lineEnds: ['\n'] },
  { program: 'pandas, with its index', ...minimal, delimiters: DELIMITERS, lineEnds: ['\n'], rowNames: '' },
  { program: 'pandas, QUOTE_ALL', ...always, delimiters: DELIMITERS, lineEnds: ['\n', '\r\n'] },
  {
    program: 'pandas, QUOTE_NONNUMERIC',
    ...always,
    isQuoted: (cell) => !isNumber(cell),
    delimiters: DELIMITERS,
    lineEnds: ['\n'],
  },
  {
    program: 'R write.csv',
    isQuoted: () => true,
    nothing: 'NA',
    delimiters: [',', ';'],
    lineEnds: ['\n'],
    rowNames: '',
  },
  {
    program: 'R write.table',
    isQuoted: () => true,
    nothing: 'NA',
    delimiters: DELIMITERS,
    lineEnds: ['\n'],
    rowNames: false,
  },
  {
    program: 'DuckDB',
    ...minimal,
    isQuoted: (cell, at) => cell === '' || needsQuotes(cell, at),
    delimiters: DELIMITERS,
    lineEnds: ['\n'],
  },
  {
    program: 'Miller',
    ...minimal,
    isQuoted: (cell, at) => cell === '' || needsQuotes(cell, at) || /^\s|\s$/.test(cell),
    delimiters: DELIMITERS,
    lineEnds: ['\n'],
  },
  { program: 'Miller --quote-all', ...always, delimiters: DELIMITERS, lineEnds: ['\n'] },
  { program: 'exceljs', ...minimal, delimiters: DELIMITERS, lineEnds: ['\n'], hasLastLineEnd: false },
  { program: 'SheetJS', ...minimal, delimiters: DELIMITERS, lineEnds: ['\n'], hasLastLineEnd: false },
  { program: 'Google Sheets', ...minimal, delimiters: [','], lineEnds: ['\r\n'], hasLastLineEnd: false },
  { program: 'PowerShell 5', ...always, delimiters: [',', ';'], lineEnds: ['\r\n'], mark: '#TYPE System.Object\r\n' },
  { program: 'a text editor', ...always, delimiters: DELIMITERS, lineEnds: ['\n', '\r\n', '\r'], blank: ' ' },
];

function write(
  table: Table,
  { mark = '', nothing, isQuoted, blank = '', hasLastLineEnd = true, rowNames }: Dialect,
  delimiter: string,
  lineEnd: string,
): string {
  const encode = (cell: Cell): string =>
    cell === null ? nothing : isQuoted(cell, delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell;
  const lineOf = (cells: readonly Cell[]): string => cells.map(encode).join(delimiter + blank);
  const header = rowNames === undefined || rowNames === false ? table.header : [rowNames, ...table.header];
  const rows = table.rows.map((cells, index) => (rowNames === undefined ? cells : [String(index + 1), ...cells]));
  return mark + [header, ...rows].map(lineOf).join(lineEnd) + (hasLastLineEnd ? lineEnd : '');
}

/** Returns the text of a cell as the reader should see it: without blanks around it, and empty for no value. */
const meant = (cell: Cell, nothing: string): string => (cell ?? nothing).trim();

const aText = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'x',
    '0',
    '-5.25',
    'NULL',
    '5" nail',
    '"',
    '""',
    '","',
    '";"',
    'a\nb',
    'a\r\nb',
    'a\rb\n',
    ' a ',
    "it's",
    '\\',
    '\\N',
    '\\"',
    '#',
    '=1+1',
    '😀',
    'ö',
    '\t',
    '|',
    ';',
    ',',
    '\u00a0x',
    'two\n\nlines',
    '"quoted"',
    'a "b" c',
  ),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);
/**
 * A cell at the end of a program's file has no end mark, and the reader skips a blank first record. So these texts are
 * left out.
 */
const aCell: fc.Arbitrary<Cell> = fc.oneof(
  { weight: 6, arbitrary: aText.filter((text) => !/[\x1a\uFEFF]/.test(text)) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const aTable: fc.Arbitrary<Table> = fc.integer({ min: 2, max: 5 }).chain((width) =>
  fc.record({
    header: fc.constant(['nr', 'title', 'detail', 'more', 'and "more"'].slice(0, width)),
    rows: fc.array(fc.tuple(...Array.from({ length: width }, () => aCell)), { minLength: 1, maxLength: 8 }),
  }),
);

const ENCODERS = [
  (text: string) => Buffer.from(text),
  (text: string) => Buffer.from(`\uFEFF${text.replace(/^\uFEFF/, '')}`, 'utf16le'),
  (text: string) => gzipSync(text),
];

describe(`a table as programs write it (seed ${seed})`, () => {
  it.each(DIALECTS.map((dialect) => [dialect.program, dialect] as const))('%s', async (_, dialect) => {
    await fc.assert(
      fc.asyncProperty(
        aTable,
        fc.constantFrom(...dialect.delimiters),
        fc.constantFrom(...dialect.lineEnds),
        fc.constantFrom(...ENCODERS),
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 3 }),
        async (table, delimiter, lineEnd, encode, sizes) => {
          // No reader can distinguish that from rows that end with an extra delimiter.
          fc.pre(
            dialect.rowNames !== false ||
              table.rows.slice(0, -1).some((cells) => meant(cells.at(-1)!, dialect.nothing) !== ''),
          );
          const { detected, records, failure } = await read(encode(write(table, dialect, delimiter, lineEnd)), sizes);
          expect(failure).toBeUndefined();
          expect(detected?.format.delimiter).toBe(delimiter);
          const names = dialect.rowNames === undefined ? [] : [''];
          expect(detected?.header).toEqual([...names, ...table.header]);
          const rows = table.rows.map((cells, index) => [
            ...names.map(() => String(index + 1)),
            ...cells.map((cell) => meant(cell, dialect.nothing)),
          ]);
          expect(records.map(({ cells }) => cells.map((cell) => cell.trim()))).toEqual(rows);
          expect(records.filter(({ fault }) => fault !== undefined)).toEqual([]);
        },
      ),
      { seed, numRuns: RUNS },
    );
  });
});

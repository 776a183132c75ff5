/** The content of a task, as it is stored. */
export interface Cells {
  readonly title: string;
  readonly detail?: string | undefined;
  readonly dueAt?: string;
  readonly isComplete: boolean;
}

/** The outcome of each row of a file: a task, or the line, code and column of its failure. */
export type Rows = Readonly<Record<number, Cells | string>>;
type Table = Readonly<Record<number, Cells>>;

/** The rows of `table.jsonl`, as a program writes them without loss. Text is trimmed, dates are in UTC. */
export const TABLE: Table = {
  2: {
    title: 'Sort the post',
    detail: 'Letters left, parcels right',
    dueAt: '2027-03-01T08:00:00.000Z',
    isComplete: true,
  },
  3: {
    title: 'Say "hi", twice',
    detail: 'semi; colon | bar, "quoted"',
    dueAt: '2027-03-01T08:30:00.000Z',
    isComplete: false,
  },
  4: { title: 'Two lines', detail: 'first\nsecond', isComplete: true },
  5: { title: 'Lines of Windows', detail: 'first\r\nsecond', dueAt: '2027-06-30T18:30:00.000Z', isComplete: false },
  6: { title: 'Grüße aus Köln 😀', detail: '“Größe” 5 € – naïve', dueAt: '2028-02-29T23:59:59.000Z', isComplete: true },
  7: { title: '00042', detail: '0123', dueAt: '2027-03-01T08:00:00.250Z', isComplete: false },
  8: { title: 'blanks at the ends', detail: 'a tab before', isComplete: false },
  9: { title: 'Empty text', isComplete: false },
  10: { title: 'No value', isComplete: false },
  11: { title: 'A word', detail: 'NA', dueAt: '2027-03-01T08:00:00.000Z', isComplete: true },
  12: { title: '-5 degrees', detail: '=1+1', dueAt: '2028-01-01T07:59:59.000Z', isComplete: false },
  13: {
    title: String.raw`A backslash \ and \N`,
    detail: 'C:\\new\\',
    dueAt: '2027-03-01T08:00:00.000Z',
    isComplete: true,
  },
  14: {
    title: "It's 5'' wide",
    detail: "a tab\tand 'quotes'",
    dueAt: '2027-03-01T08:00:00.000Z',
    isComplete: false,
  },
};

/** Returns the table with some cells changed, by row. */
const changed = (table: Table, changes: Readonly<Record<number, Partial<Cells>>>): Table => ({
  ...table,
  ...Object.fromEntries(
    Object.entries(changes).map(([row, cells]) => [row, Object.assign({}, table[Number(row)], cells)]),
  ),
});

/** The table of programs that have no fractions of a second, or write none by default. */
export const WHOLE_SECONDS = changed(TABLE, { 7: { dueAt: '2027-03-01T08:00:00.000Z' } });

/** The changes of programs that read CRLF inside a cell as one line end, and write it as LF. */
const LINE_FEEDS = { 5: { detail: 'first\nsecond' } };
export const LINE_FEEDS_ALONE = changed(TABLE, LINE_FEEDS);
export const SPREADSHEET = changed(WHOLE_SECONDS, LINE_FEEDS);

/** The table of a spreadsheet that wrote an encoding without emoji. */
export const WITHOUT_EMOJI = changed(SPREADSHEET, { 6: { title: 'Grüße aus Köln ?' } });

/** R marks the text NA only by its quotes. A caller that names NA as a word for no value loses the text. */
export const WITHOUT_NA = changed(SPREADSHEET, { 11: { detail: undefined } });

/** The table of programs that write a tab, a line end and a backslash as `\t`, `\n` and `\\`. They stay so. */
export const ESCAPED = changed(TABLE, {
  4: { detail: String.raw`first\nsecond` },
  5: { detail: String.raw`first\r\nsecond` },
  8: { detail: String.raw`\ta tab before` },
  13: { title: String.raw`A backslash \\ and \\N`, detail: String.raw`C:\\new` + '\\\\' },
  14: { detail: String.raw`a tab\tand 'quotes'` },
});

/** The client of MariaDB does so too, but leaves a carriage return unchanged. */
export const ESCAPED_BY_MARIADB = changed(ESCAPED, {
  5: { detail: 'first\r\\nsecond' },
  7: { dueAt: '2027-03-01T08:00:00.000Z' },
});

/**
 * The table of programs that put a backslash before a quote, a line end and a backslash. Cells that are still clear are
 * read as written.
 */
export const BACKSLASHED = changed(WHOLE_SECONDS, {
  4: { detail: 'first\\\nsecond' },
  5: { detail: 'first\r\\\nsecond' },
  13: { title: String.raw`A backslash \\ and \\N`, detail: 'C:\\\\new\\\\' },
});

/** The table as psql prints it, with a tab expanded to the next column that is a multiple of eight. */
export const TABS_SPREAD = changed(TABLE, { 14: { detail: "a tab   and 'quotes'" } });

/**
 * Returns the rows, with the failures of those that are refused with `code`. Each row begins after the line ends of the
 * rows before it.
 */
function refused(table: Table, code: string, isRefused: (cells: Cells) => boolean): Rows {
  let line = 2;
  const rows: Record<number, Cells | string> = {};
  for (const [row, cells] of Object.entries(table)) {
    rows[Number(row)] = isRefused(cells) ? `${line} ${code}` : cells;
    line += (cells.detail ?? '').split(/\r\n|\n|\r/).length;
  }
  return rows;
}

const INVALID_DATE = 'INVALID_DATE dueAt';

/** Returns the rows if every date is refused. */
export const withoutDates = (table: Table): Rows => refused(table, INVALID_DATE, ({ dueAt }) => dueAt !== undefined);

/** Returns the rows if a word means no value, and is refused as a date. */
export const withWords = (table: Table): Rows => refused(table, INVALID_DATE, ({ dueAt }) => dueAt === undefined);

/** Returns the rows if both are refused, so that none is accepted. */
export const withNoRow = (table: Table): Rows => refused(table, INVALID_DATE, () => true);

/** What is in a task, as it is stored. */
export interface Cells {
  readonly title: string;
  readonly detail?: string | undefined;
  readonly dueAt?: string;
  readonly isComplete: boolean;
}

/** What becomes of each row of a file: a task, or the line, code and column of its failure. */
export type Rows = Readonly<Record<number, Cells | string>>;
type Table = Readonly<Record<number, Cells>>;

/** The rows of `table.jsonl`, as a program writes them that loses nothing. Text is trimmed, dates are in UTC. */
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

/** The same table with some cells changed, by row. */
const changed = (table: Table, changes: Readonly<Record<number, Partial<Cells>>>): Table => ({
  ...table,
  ...Object.fromEntries(
    Object.entries(changes).map(([row, cells]) => [row, Object.assign({}, table[Number(row)], cells)]),
  ),
});

/** Of programs that know no fractions of a second, or write none unless told to. */
export const WHOLE_SECONDS = changed(TABLE, { 7: { dueAt: '2027-03-01T08:00:00.000Z' } });

/** Of programs that take CRLF inside a cell for one line end, and write it as LF. */
const LINE_FEEDS = { 5: { detail: 'first\nsecond' } };
export const LINE_FEEDS_ALONE = changed(TABLE, LINE_FEEDS);
export const SPREADSHEET = changed(WHOLE_SECONDS, LINE_FEEDS);

/** Of a spreadsheet that wrote an encoding that has no emoji. */
export const WITHOUT_EMOJI = changed(SPREADSHEET, { 6: { title: 'Grüße aus Köln ?' } });

/** R marks the text NA by its quotes alone: an uploader who says that NA is nothing loses it. */
export const WITHOUT_NA = changed(SPREADSHEET, { 11: { detail: undefined } });

/** Of programs that write a tab, a line end and a backslash as `\t`, `\n` and `\\`: read as they are written. */
export const ESCAPED = changed(TABLE, {
  4: { detail: String.raw`first\nsecond` },
  5: { detail: String.raw`first\r\nsecond` },
  8: { detail: String.raw`\ta tab before` },
  13: { title: String.raw`A backslash \\ and \\N`, detail: String.raw`C:\\new` + '\\\\' },
  14: { detail: String.raw`a tab\tand 'quotes'` },
});

/** The client of MariaDB does so too, but leaves a carriage return as it is. */
export const ESCAPED_BY_MARIADB = changed(ESCAPED, {
  5: { detail: 'first\r\\nsecond' },
  7: { dueAt: '2027-03-01T08:00:00.000Z' },
});

/**
 * Of programs that put a backslash before a quote, a line end and a backslash: what can be told is read as it is
 * written.
 */
export const BACKSLASHED = changed(WHOLE_SECONDS, {
  4: { detail: 'first\\\nsecond' },
  5: { detail: 'first\r\\\nsecond' },
  13: { title: String.raw`A backslash \\ and \\N`, detail: 'C:\\\\new\\\\' },
});

/** Of psql's tables, which spread a tab to the next place that is a multiple of eight. */
export const TABS_SPREAD = changed(TABLE, { 14: { detail: "a tab   and 'quotes'" } });

/**
 * The rows with what becomes of those that are refused for `code`; each begins behind the line ends of those before it.
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

/** The date of every row that has one is refused. */
export const withoutDates = (table: Table): Rows => refused(table, INVALID_DATE, ({ dueAt }) => dueAt !== undefined);

/** A word stands for no value, and is refused as a date. */
export const withWords = (table: Table): Rows => refused(table, INVALID_DATE, ({ dueAt }) => dueAt === undefined);

/** Both at once: no row is accepted. */
export const withNoRow = (table: Table): Rows => refused(table, INVALID_DATE, () => true);

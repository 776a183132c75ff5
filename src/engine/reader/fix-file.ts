/**
 * The columns that a fix file has besides the source's own. They are known, and ignored when it is read again; a source whose
 * header has the first of them is a fix file.
 */
export const FIX_FILE_COLUMNS = ['_row', '_error_code', '_error_column', '_error_message'] as const;

const named = (name: string): string => name.trim().toLowerCase();

export const isFixFileColumn = (name: string): boolean => FIX_FILE_COLUMNS.some((column) => column === named(name));

export const isFixFile = (header: readonly string[]): boolean =>
  header.some((name) => named(name) === FIX_FILE_COLUMNS[0]);

/** What a spreadsheet takes for a formula, full-width forms included, behind any number of apostrophes. */
const FORMULA = /^'*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

/** Puts an apostrophe before what a spreadsheet would take for a formula, and before what looks like the result of that. */
export const neutralised = (cell: string): string => (FORMULA.test(cell) ? `'${cell}` : cell);

/** Takes {@link neutralised} back. */
export const unneutralised = (cell: string): string =>
  cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;

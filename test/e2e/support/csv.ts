/** The cells of a row by column, as they stand in a file. */
export type Cells = Readonly<Record<string, string>>;

/** A row that becomes a task; the number makes it one of its kind. */
export const row = (number: number, cells: Cells = {}): Cells => ({
  title: `Task ${number}`,
  detail: `What to do about ${number}`,
  dueAt: '2027-03-01T09:00:00+01:00',
  isComplete: number % 2 === 0 ? 'yes' : 'no',
  ...cells,
});

export const rows = (count: number, cells: (number: number) => Cells = () => ({})): readonly Cells[] =>
  Array.from({ length: count }, (_, index) => row(index + 1, cells(index + 1)));

const COLUMNS = ['title', 'detail', 'dueAt', 'isComplete'];

/** A file of rows: RFC 4180 with `\n` unless told otherwise. */
export const csv = (
  of: readonly Cells[],
  { columns = COLUMNS, lineEnd = '\n' }: { readonly columns?: readonly string[]; readonly lineEnd?: string } = {},
): string =>
  [columns, ...of.map((cells) => columns.map((column) => cells[column] ?? ''))]
    .map((cells) => cells.map(quoted).join(',') + lineEnd)
    .join('');

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

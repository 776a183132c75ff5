/** The cells of a row by column, as a file has them. */
export type Cells = Readonly<Record<string, string>>;

/** Returns a row that becomes a task. The number makes it unique. */
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

/** Writes a file of rows as in RFC 4180, with `\n` as the line end unless another is given. */
export const csv = (
  of: readonly Cells[],
  { columns = COLUMNS, lineEnd = '\n' }: { readonly columns?: readonly string[]; readonly lineEnd?: string } = {},
): string =>
  [columns, ...of.map((cells) => columns.map((column) => cells[column] ?? ''))]
    .map((cells) => cells.map(quote).join(',') + lineEnd)
    .join('');

const quote = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

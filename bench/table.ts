/** Formats cells by row and column, in lines of equal columns: names on the left, figures on the right. */
export function toTable(rows: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const columns = [...new Set(Object.values(rows).flatMap((cells) => Object.keys(cells)))];
  const lines = [
    ['', ...columns],
    ...Object.entries(rows).map(([name, cells]) => [name, ...columns.map((column) => cells[column] ?? '')]),
  ];
  const widths = ['', ...columns].map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  return lines
    .map((line) => line.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))))
    .map((cells) => `  ${cells.join('  ')}`.trimEnd())
    .join('\n');
}

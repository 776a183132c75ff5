import type { Column } from './definition.ts';
import type { Job } from './job.ts';
import type { Refusal } from './outcome.ts';
import { cellsOfFixRow, fixFileLayout } from './reader/fix-file.ts';
import { cellsOfLine } from './reader/json-lines.ts';

type Source = Pick<Job, 'format' | 'header'>;
type Cells = readonly string[];

/**
 * The cells of an item in the order of its job's header, or why it has none: JSON Lines are kept as the line that was read. The
 * values of `columns` must not be nested.
 */
export const cellsOf = (
  { format, header = [] }: Source,
  asRead: Cells,
  columns: readonly Column[] = [],
): Cells | Refusal => (format.type === 'jsonl' ? cellsOfLine(header, asRead[0]!, namesOf(columns)) : asRead);

/** Reads what an item means: {@link cellsOf} it, and what these stand for if the source is a fix file. */
export function meaningOf(source: Required<Source>, columns: readonly Column[]): (asRead: Cells) => Cells | Refusal {
  const { header } = source;
  const layout = fixFileLayout(header);
  if (!layout) return (asRead) => cellsOf(source, asRead, columns);
  const ofLine = (line: string): Cells | Refusal => cellsOfLine(header, line, namesOf(columns));
  return (asRead) => {
    const cells = cellsOf(source, asRead, columns);
    return 'code' in cells ? cells : cellsOfFixRow(header, layout, cells, ofLine);
  };
}

const namesOf = (columns: readonly Column[]): string[] => columns.map(({ name }) => name);

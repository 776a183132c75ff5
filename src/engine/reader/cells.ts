import type { Column } from '../definition.ts';
import type { Job } from '../model/job.ts';
import type { Refusal } from '../model/outcome.ts';
import { cellsOfFixRow, fixFileLayout, optionsOfFixRow } from './fix-file.ts';
import { cellsOfLine, type LineRules } from './json-lines.ts';
import type { ReadOptions } from '../model/source-format.ts';

type Source = Pick<Job, 'format' | 'header' | 'options'>;
type Cells = readonly string[];

/**
 * Reads the cells of an item in the order of its job's header, or why it has none. An item of JSON Lines is kept as its
 * line until then. The values of `columns` must not be nested.
 */
export const cellsOf = (source: Source, asRead: Cells, columns: readonly Column[] = []): Cells | Refusal =>
  source.format.type === 'jsonl' ? cellsOfLine(source.header ?? [], asRead[0]!, rulesOf(source, columns)) : asRead;

/** What an item says, under the options of its job. */
export interface Meaning {
  readonly cells: Cells;
  /** The options of the upload; where it names none, those under which a row of a fix file was read before. */
  readonly options: ReadOptions;
}

/** Makes a reader of items: it reads their cells, and from a row of a fix file the cells that the row corrects. */
export function meaningOf(
  source: Source & Required<Pick<Source, 'header'>>,
  columns: readonly Column[],
): (asRead: Cells) => Meaning | Refusal {
  const { header, options = {} } = source;
  const layout = fixFileLayout(header);
  const ofLine = (line: string): Cells | Refusal => cellsOfLine(header, line, rulesOf(source, columns));
  return (asRead) => {
    const cells = cellsOf(source, asRead, columns);
    if ('code' in cells) return cells;
    if (!layout) return { cells, options };
    const ofRow = cellsOfFixRow(header, layout, cells, ofLine);
    if ('code' in ofRow) return ofRow;
    const earlier = optionsOfFixRow(layout, cells);
    return 'code' in earlier ? earlier : { cells: ofRow, options: { ...earlier, ...options } };
  };
}

const rulesOf = ({ options }: Source, columns: readonly Column[]): LineRules => ({
  plain: columns.map(({ name }) => name),
  isStrict: options?.strict === true,
});

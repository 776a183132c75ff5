import { stringify } from 'csv-stringify/sync';
import { FIX_FILE_COLUMNS, isFixFile, isFixFileColumn, neutralised, unneutralised } from '../engine/index.ts';
import type { ItemFailure } from '../engine/index.ts';
import { rowOf } from './import.ts';

/** The name under which the fix file of a file is saved. */
export const fixFileName = (fileName: string): string => `${fileName.replace(/\.csv$/i, '')}.failures.csv`;

const BYTE_ORDER_MARK = '\uFEFF';

/** Every cell is quoted, so that line breaks and blanks at its ends survive. */
const textOf = (records: readonly (readonly string[])[], delimiter: string): string =>
  stringify(
    records.map((record) => record.map(neutralised)),
    { delimiter, quoted: true, record_delimiter: '\r\n' },
  );

/** The indexes of a source's own columns: those of an earlier fix file give way to ours. */
const ownColumns = (header: readonly string[]): number[] =>
  header.flatMap((name, index) => (isFixFileColumn(name) ? [] : [index]));

/** The first line of a fix file: the source's own header, and what is said of each row. */
export const fixFileHeader = (header: readonly string[], delimiter: string): string =>
  BYTE_ORDER_MARK + textOf([[...ownColumns(header).map((index) => header[index]!), ...FIX_FILE_COLUMNS]], delimiter);

/**
 * The lines of failed rows, their cells as they were read. Cells that the header has no column for come last, so that a row
 * with too many still has too many when it is uploaded as it is.
 */
export function fixFileLines(header: readonly string[], failures: readonly ItemFailure[], delimiter: string): string {
  const own = ownColumns(header);
  const asRead = isFixFile(header) ? unneutralised : (cell: string): string => cell;
  return textOf(
    failures.map(({ index, code, column, message, cells }) => [
      ...own.map((at) => asRead(cells[at] ?? '')),
      String(rowOf(index)),
      code,
      column ?? '',
      message,
      ...cells.slice(header.length).map(asRead),
    ]),
    delimiter,
  );
}

import type { Column } from '../definition.ts';
import { SourceError } from '../errors.ts';
import type { Refusal } from '../outcome.ts';
import { fixFileLayout } from './fix-file.ts';

/** Far more than a spreadsheet that people fill in has; each row is cut into so many cells. */
const COLUMNS_MAX = 1_000;

/** For each known column, the index of its cell in a record; -1 if the source does not have it. */
export type ColumnMap = readonly number[];

/**
 * Finds the known columns in a header record, in any case and order, spaces around ignored. Unknown columns are ignored; their names
 * become neither keys of an object nor part of a message, so a hostile one has no meaning.
 * @throws SourceError TOO_MANY_COLUMNS, MISSING_COLUMN, DUPLICATE_COLUMN
 */
export function mapHeader(header: readonly string[], columns: readonly Column[]): ColumnMap {
  const count = fixFileLayout(header)?.own.length ?? header.length;
  if (count > COLUMNS_MAX) {
    throw new SourceError(
      'TOO_MANY_COLUMNS',
      `The header has ${count} columns; a file has at most ${COLUMNS_MAX}. Leave out those that are not needed.`,
    );
  }
  const names = header.map((name) => name.trim().toLowerCase());
  const map = columns.map(({ name }) => names.indexOf(name.toLowerCase()));
  const missing = columns.filter(({ required }, index) => required && map[index] === -1);
  if (missing.length > 0) {
    throw new SourceError(
      'MISSING_COLUMN',
      `The header lacks ${missing.map(({ name }) => `"${name}"`).join(', ')}; it has ${header.length} ${header.length === 1 ? 'column' : 'columns'}. ` +
        `The first line must name the columns, of which these are known: ${columns.map(({ name }) => name).join(', ')}.${hintOf(header[0])}`,
    );
  }
  const twice = columns.find(({ name }, index) => names.lastIndexOf(name.toLowerCase()) !== map[index]);
  if (twice) {
    throw new SourceError(
      'DUPLICATE_COLUMN',
      `The header has "${twice.name}" twice; nobody can say which of them counts.`,
    );
  }
  return map;
}

/** What the file seems to be instead of a table, and the way out. */
function hintOf(first = ''): string {
  const begins = first.trimStart()[0];
  if (begins === '[')
    return ' It looks like a JSON array: write each object on a line of its own, without brackets and commas around it.';
  return begins === '<' ? ' It looks like HTML or XML, not like a table: save the table itself as CSV.' : '';
}

/** Whether a header names every required column. */
export const knowsHeader = (header: readonly string[], columns: readonly Column[]): boolean => {
  const names = new Set(header.map((name) => name.trim().toLowerCase()));
  return columns.every(({ name, required }) => !required || names.has(name.toLowerCase()));
};

/** The trimmed values of the known columns; an empty or absent cell is undefined. */
export const valuesOf = (map: ColumnMap, cells: readonly string[]): (string | undefined)[] =>
  map.map((index) => cells[index]?.trim() || undefined);

/** Too few cells are like empty trailing ones; too many mean that a delimiter stands where it should be quoted. */
export const tooManyCells = (header: readonly string[], cells: readonly string[]): Refusal | undefined =>
  cells.length > header.length
    ? {
        code: 'TOO_MANY_FIELDS',
        message: `The row has ${cells.length} fields, the header has ${header.length}; a field that contains the delimiter must be quoted.`,
      }
    : undefined;

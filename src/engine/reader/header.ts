import type { Column } from '../definition.ts';
import { SourceError } from '../errors.ts';
import type { Refusal } from '../model/outcome.ts';
import { isBlank } from './text/blank.ts';
import { likelyColumn, plainName } from './column-names.ts';
import { fixFileLayout, isFixFile, isFixFileColumn } from './fix-file.ts';

/** Far more columns than people fill in. Each row is cut into as many cells. */
const COLUMNS_MAX = 1_000;

/** The index of the cell of each known column in a record; -1 if the source does not have the column. */
export type ColumnMap = readonly number[];

/**
 * Finds the known columns in a header record, in any order, by the letters and digits of their names: `Due At` and
 * `due_at` are `dueAt`. Unknown columns are ignored. Their names become neither keys of an object nor parts of a
 * message, so a hostile name has no effect, and a row in place of the header is not repeated. `hint` is appended to the
 * message about a missing column.
 * @throws SourceError TOO_MANY_COLUMNS, MISSING_COLUMN, DUPLICATE_COLUMN
 */
export function mapHeader(header: readonly string[], columns: readonly Column[], hint?: string): ColumnMap {
  const count = fixFileLayout(header)?.own.length ?? header.length;
  if (count > COLUMNS_MAX) {
    throw new SourceError(
      'TOO_MANY_COLUMNS',
      `The header has ${count} columns. Allowed: at most ${COLUMNS_MAX}. Leave out the columns that are not needed.`,
    );
  }
  const names = header.map(plainName);
  const map = columns.map(({ name }) => names.indexOf(plainName(name)));
  const missing = columns.filter(({ required }, index) => required && map[index] === -1);
  if (missing.length > 0) throw missingColumns(missing, header, columns, hint);
  const twice = columns.find(({ name }, index) => names.lastIndexOf(plainName(name)) !== map[index]);
  if (twice) {
    throw new SourceError(
      'DUPLICATE_COLUMN',
      `The header has "${twice.name}" twice, by its letters and digits. Rename one of the two columns.`,
    );
  }
  return map;
}

function missingColumns(
  missing: readonly Column[],
  header: readonly string[],
  columns: readonly Column[],
  hint = suggestFix(header[0]),
): SourceError {
  const known = columns.map(({ name }) => name).join(', ');
  const near = header.findIndex((name) => missing.some((column) => column === likelyColumn(name, columns)));
  const meant =
    near < 0 ? '' : ` Column ${near + 1} may be meant as "${likelyColumn(header[near]!, columns)!.name}": rename it.`;
  return new SourceError(
    'MISSING_COLUMN',
    `The header lacks ${missing.map(({ name }) => `"${name}"`).join(', ')}; it has ${header.length} ${header.length === 1 ? 'column' : 'columns'}. ` +
      `The first line must name the columns, of which these are known: ${known}.${meant}${hint}`,
  );
}

/** Says what the file seems to be instead of a table, and what to do then. */
function suggestFix(first = ''): string {
  const begins = first.trimStart()[0];
  if (begins === '[')
    return ' It looks like a JSON array: write each object on a line of its own, without brackets and commas around it.';
  return begins === '<' ? ' It looks like HTML or XML, not like a table: save the table itself as CSV.' : '';
}

/** Whether a header names every required column. */
export const knowsHeader = (header: readonly string[], columns: readonly Column[]): boolean => {
  const names = new Set(header.map(plainName));
  return columns.every(({ name, required }) => !required || names.has(plainName(name)));
};

/** A column of a source that has no effect. */
export interface IgnoredColumn {
  readonly name: string;
  /** The known column that may be meant. */
  readonly likely?: string;
}

/** Lists the unknown columns of a header. Those of a fix file are expected, and those without a name are left out. */
export function ignoredColumns(header: readonly string[], columns: readonly Column[]): readonly IgnoredColumn[] {
  const known = new Set(columns.map(({ name }) => plainName(name)));
  const has = new Set(header.map(plainName));
  const isOfFixFile = isFixFile(header) ? isFixFileColumn : (): boolean => false;
  return header.flatMap((name) => {
    if (isBlank(name) || known.has(plainName(name)) || isOfFixFile(name)) return [];
    const likely = likelyColumn(name, columns);
    return [{ name, ...(likely && !has.has(plainName(likely.name)) && { likely: likely.name }) }];
  });
}

/** Whether only the first column has no name: R and pandas write the names of the rows there. It has no effect. */
export const beginsNameless = ([first = '', ...others]: readonly string[]): boolean =>
  isBlank(first) && !others.every(isBlank);

/** How many columns of a header a message names, and how many characters of each. */
const NAMED_MAX = 5;
const NAME_MAX = 100;

/** Picks the columns that a message names, and shortens their names. */
export const shownColumns = (ignored: readonly IgnoredColumn[]): readonly IgnoredColumn[] =>
  ignored.slice(0, NAMED_MAX).map(({ name, ...meant }) => ({ name: shorten(name), ...meant }));

const shorten = (name: string): string =>
  name.length <= NAME_MAX ? name.toWellFormed() : `${name.slice(0, NAME_MAX).toWellFormed()}…`;

/** Names the first of some columns, with what each may be meant as, and counts the others. */
export function columnsInWords(ignored: readonly IgnoredColumn[]): string {
  const names = shownColumns(ignored).map(({ name, likely }) =>
    likely === undefined ? `"${name}"` : `"${name}" (did you mean ${likely}?)`,
  );
  const others = ignored.length - names.length;
  return names.join(', ') + (others > 0 ? `, and ${others} more` : '');
}

/** @throws SourceError UNKNOWN_COLUMNS */
export function refuseUnknown(header: readonly string[], columns: readonly Column[]): void {
  const ignored = ignoredColumns(header, columns);
  if (ignored.length === 0) return;
  throw new SourceError(
    'UNKNOWN_COLUMNS',
    `The upload is strict, and ${ignored.length === 1 ? 'a column is' : `${ignored.length} columns are`} not known: ${columnsInWords(ignored)}. ` +
      `These are known: ${columns.map(({ name }) => name).join(', ')}. Rename or leave out the others, or upload without strict=true.`,
  );
}

/** What databases write into text files for no value. */
const NULL_MARK = String.raw`\N`;

/** Reads the trimmed values of the known columns. An empty or absent cell, or one of `nullWords`, is undefined. */
export const valuesOf = (
  map: ColumnMap,
  cells: readonly string[],
  nullWords: readonly string[] = [],
): (string | undefined)[] =>
  map.map((index) => {
    const value = cells[index]?.trim();
    return !value || value === NULL_MARK || isBlank(value) || nullWords.includes(value) ? undefined : value;
  });

/**
 * Refuses a row with more cells than named columns, unless the extra ones are empty: a delimiter in it should have been
 * quoted. Spreadsheets add columns without a name after the last one. Missing cells count as empty.
 */
export function tooManyCells(header: readonly string[], cells: readonly string[]): Refusal | undefined {
  const named = header.findLastIndex((name) => !isBlank(name)) + 1;
  if (cells.length <= named || cells.slice(named).every(isBlank)) return undefined;
  return {
    code: 'TOO_MANY_FIELDS',
    message: `The row has ${cells.length} fields, the header has ${named}; a field that contains the delimiter must be quoted.`,
  };
}

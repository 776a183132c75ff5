import type { Column } from '../definition.ts';
import { SourceError } from '../errors.ts';
import type { Refusal } from '../model/outcome.ts';
import { isBlank } from './text/blank.ts';
import { likelyColumn, plainName } from './column-names.ts';
import { fixFileLayout, isFixFile, isFixFileColumn } from './fix-file.ts';

/** Far more than a spreadsheet that people fill in has; each row is cut into so many cells. */
const COLUMNS_MAX = 1_000;

/** For each known column, the index of its cell in a record; -1 if the source does not have it. */
export type ColumnMap = readonly number[];

/**
 * Finds the known columns in a header record, in any order, by the letters and digits of their names: `Due At` and
 * `due_at` are `dueAt`. Unknown columns are ignored; their names become neither keys of an object nor part of a
 * refusal, so a hostile one has no meaning, and a row that stands where the header should is not repeated. `hint` is
 * what the refusal of a header without a required column says besides.
 * @throws SourceError TOO_MANY_COLUMNS, MISSING_COLUMN, DUPLICATE_COLUMN
 */
export function mapHeader(header: readonly string[], columns: readonly Column[], hint?: string): ColumnMap {
  const count = fixFileLayout(header)?.own.length ?? header.length;
  if (count > COLUMNS_MAX) {
    throw new SourceError(
      'TOO_MANY_COLUMNS',
      `The header has ${count} columns; a file has at most ${COLUMNS_MAX}. Leave out those that are not needed.`,
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
      `The header has "${twice.name}" twice, by its letters and digits; only one of them can count. Rename the other one.`,
    );
  }
  return map;
}

function missingColumns(
  missing: readonly Column[],
  header: readonly string[],
  columns: readonly Column[],
  hint = hintOf(header[0]),
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

/** What the file seems to be instead of a table, and the way out. */
function hintOf(first = ''): string {
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

/** A column of a source that has no effect, and which known one it may have been meant as. */
export interface IgnoredColumn {
  readonly name: string;
  readonly likely?: string;
}

/**
 * The columns of a header that are not known; those of a fix file are expected, and those without a name cannot be
 * named.
 */
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

/** The first column has no name and others have: R and pandas write the names of the rows there. It has no effect. */
export const beginsNameless = ([first = '', ...others]: readonly string[]): boolean =>
  isBlank(first) && !others.every(isBlank);

/** A message names this many columns of a header, and this many characters of each. */
const NAMED_MAX = 5;
const NAME_MAX = 100;

/** The first of some columns, as they can be shown. */
export const shownColumns = (ignored: readonly IgnoredColumn[]): readonly IgnoredColumn[] =>
  ignored.slice(0, NAMED_MAX).map(({ name, ...meant }) => ({ name: shown(name), ...meant }));

const shown = (name: string): string =>
  name.length <= NAME_MAX ? name.toWellFormed() : `${name.slice(0, NAME_MAX).toWellFormed()}…`;

/** Columns by their names, with what each may be meant as: the first ones, and how many there are besides. */
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

/** What databases write for no value in text formats. */
const NULL_MARK = String.raw`\N`;

/** The trimmed values of the known columns; an empty or absent cell, and one of `nullWords`, is undefined. */
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
 * Too few cells are like empty trailing ones. Too many mean that a delimiter stands where it should be quoted, unless
 * there is nothing in them; so does a cell under the nameless columns that a spreadsheet puts behind the last one.
 */
export function tooManyCells(header: readonly string[], cells: readonly string[]): Refusal | undefined {
  const named = header.findLastIndex((name) => !isBlank(name)) + 1;
  if (cells.length <= named || cells.slice(named).every(isBlank)) return undefined;
  return {
    code: 'TOO_MANY_FIELDS',
    message: `The row has ${cells.length} fields, the header has ${named}; a field that contains the delimiter must be quoted.`,
  };
}

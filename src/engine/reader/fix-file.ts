import type { Refusal } from '../model/outcome.ts';
import { DAMAGE, isFault, refusalOf } from './faults.ts';
import type { ReadOptions } from '../model/source-format.ts';

/**
 * The columns that a fix file has besides the source's own, in their order. The first one is before the source's own
 * columns, the others are behind them. `shown`: for the reader of the file, and ignored when it is uploaded. `read`:
 * read from the upload, and kept in the fix file of the fix file.
 */
export const FIX_FILE_COLUMNS = [
  /** The number of the row in the first file, however often it is corrected. */
  { name: '_row', role: 'read' },
  { name: '_error_code', role: 'shown' },
  { name: '_error_column', role: 'shown' },
  { name: '_error_message', role: 'shown' },
  /** The cells behind the last column of a row that is too long, each with the delimiter before it. */
  { name: '_extra', role: 'read' },
  /** A line of JSON Lines that cannot be parsed. */
  { name: '_json_line', role: 'read' },
  /** The options under which the row was read, as the upload named them. The words are a JSON list. */
  { name: '_time_zone', role: 'read' },
  { name: '_null_words', role: 'read' },
] as const satisfies readonly { readonly name: string; readonly role: 'shown' | 'read' }[];
export type FixFileColumn = (typeof FIX_FILE_COLUMNS)[number]['name'];

/** The positions of the columns in the header of a fix file. */
export interface FixFileLayout {
  /** The indexes of the source's own columns. */
  readonly own: readonly number[];
  readonly reserved: ReadonlyMap<FixFileColumn, number>;
}

/** A reserved name, also with the prefix that R adds, or after a byte-order mark that a program read as letters. */
const RESERVED_NAME = /^(?:ï»¿|ï\.\.|X\.U\.FEFF\.|X)?(_[a-z_]+)$/i;

function parseReservedName(name: string): FixFileColumn | undefined {
  const plain = RESERVED_NAME.exec(name.trim())?.[1]?.toLowerCase();
  return FIX_FILE_COLUMNS.find((column) => column.name === plain)?.name;
}

export const isFixFileColumn = (name: string): boolean => parseReservedName(name) !== undefined;

/**
 * Finds the layout of a header, if it is that of a fix file: it has `_error_code`, or two of the reserved columns. The
 * caller may have deleted the others, and a source may have a column of its own called `_row`. If a name occurs twice,
 * the one that the fix file added is reserved: the first `_row`, and the last of any other.
 */
export function fixFileLayout(header: readonly string[]): FixFileLayout | undefined {
  const reserved = new Map<FixFileColumn, number>();
  header.forEach((name, index) => {
    const column = parseReservedName(name);
    if (column && !(column === '_row' && reserved.has(column))) reserved.set(column, index);
  });
  if (!reserved.has('_error_code') && reserved.size < 2) return undefined;
  const taken = new Set(reserved.values());
  return { own: [...header.keys()].filter((index) => !taken.has(index)), reserved };
}

export const isFixFile = (header: readonly string[]): boolean => fixFileLayout(header) !== undefined;

/** What a spreadsheet reads as a formula, including full-width forms. */
const FORMULA = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

/** What a program may read as a number, an amount, a date or a time, and write in another form. */
const VALUE = /^[(\p{Sc}]?\s*[.,]?\d[\d\s.,:/+\-_%()\p{Sc}ETZ]*(?:[ap]m)?$/iu;
const MONTHS =
  'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mrz|mai|okt|dez|fév|avr|jui|aoû|déc|ene|abr|ago|dic|gen|mag|giu|lug|set|ott|fev|out|mei|mrt|maa';
const DATE_IN_WORDS = new RegExp(
  String.raw`^(?=\D*\d)[\d\s.,:/-]*(?:de\s+)?(?:${MONTHS})\p{L}{0,7}[\d\s.,:/-]*(?:de\s+\d+)?$`,
  'iu',
);

/** What a program may read as an empty value, or as a number that it is not. */
const WORD = /^(?:#?n\/?a|<na>|null|nan|none|inf|infinity|0x[\da-f]+)$/i;

/** Whether a program may read a cell as something other than text, also after apostrophes. */
function isMistakable(cell: string): boolean {
  const bare = cell.replace(/^'+/, '');
  const trimmed = bare.trim();
  return FORMULA.test(bare) || VALUE.test(trimmed) || DATE_IN_WORDS.test(trimmed) || WORD.test(trimmed);
}

/**
 * Puts an apostrophe before a cell that a program may read as something other than text, and before one that looks like
 * the result of that.
 */
export const neutralised = (cell: string): string => (isMistakable(cell) ? `'${cell}` : cell);

/** Reverses {@link neutralised}. */
export const unneutralised = (cell: string): string =>
  cell.startsWith("'") && isMistakable(cell) ? cell.slice(1) : cell;

/** What R writes for an empty cell. No reserved column has it as its content. */
const NOT_AVAILABLE = 'NA';

const isNothing = (cell = ''): boolean => cell.trim() === '' || cell.trim() === NOT_AVAILABLE;

/** Reads the original cell of a reserved column; empty if the column has been deleted. */
export function reservedCell({ reserved }: FixFileLayout, cells: readonly string[], column: FixFileColumn): string {
  const cell = cells[reserved.get(column) ?? -1];
  return isNothing(cell) ? '' : unneutralised(cell!);
}

/**
 * Reads the corrected cells of a row of a fix file, in the order of its header, or why it has none: `_extra` still has
 * cells, a cell still has the mark of a fault, the line in `_json_line` is still invalid, or both that line and columns
 * are filled. `cellsOfLine` parses such a line.
 */
export function cellsOfFixRow(
  header: readonly string[],
  layout: FixFileLayout,
  cells: readonly string[],
  cellsOfLine: (line: string) => readonly string[] | Refusal,
): readonly string[] | Refusal {
  const fault = reservedCell(layout, cells, '_error_code');
  const extra = reservedCell(layout, cells, '_extra');
  const isMarked = [extra, ...layout.own.map((index) => cells[index] ?? '')].some((cell) => cell.includes(DAMAGE));
  if (isMarked && isFault(fault)) return refusalOf(fault);
  if (extra !== '') return leftOver(extra);
  if (isExtraDeleted(layout, cells)) return extraDeleted();
  const line = reservedCell(layout, cells, '_json_line');
  if (line === '') return withoutPadding(header, cells).map(unneutralised);
  const ofLine = cellsOfLine(line);
  if ('code' in ofLine) return ofLine;
  return layout.own.every((index) => isNothing(cells[index])) ? ofLine : lineAndColumns();
}

/** Reads the options under which a row of a fix file was read before, or why they are unreadable. */
export function optionsOfFixRow(
  layout: FixFileLayout,
  cells: readonly string[],
): Pick<ReadOptions, 'timeZone' | 'nullWords'> | Refusal {
  const timeZone = reservedCell(layout, cells, '_time_zone');
  const words = reservedCell(layout, cells, '_null_words');
  const nullWords = words === '' ? [] : parseWords(words);
  if (!nullWords) return noWords(words);
  return { ...(timeZone !== '' && { timeZone }), ...(nullWords.length > 0 && { nullWords }) };
}

/** Undefined if the text is no JSON list of words. */
function parseWords(text: string): readonly string[] | undefined {
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : undefined;
  } catch {
    // The text is not JSON: the caller or a program has changed it.
    return undefined;
  }
}

const noWords = (value: string): Refusal => ({
  code: 'INVALID_NULL_WORDS',
  column: '_null_words',
  value,
  message: '_null_words is not a list of words such as ["NULL","NA"]. Write one, or empty the cell.',
});

/** Whether the cells beyond the header of a fix file are empty ones, which some programs add. */
export const isPadding = (beyond: readonly string[]): boolean => beyond.every((cell) => cell.trim() === '');

const withoutPadding = (header: readonly string[], cells: readonly string[]): readonly string[] =>
  isPadding(cells.slice(header.length)) ? cells.slice(0, header.length) : cells;

const TOO_MANY_FIELDS = 'TOO_MANY_FIELDS';

const leftOver = (extra: string): Refusal => ({
  code: TOO_MANY_FIELDS,
  value: extra,
  message: 'The row has more fields than the header. Move the content of _extra to its columns, and empty _extra.',
});

/**
 * Whether `_extra` was deleted from a row that had too many fields: it looks repaired, and its extra fields are lost.
 */
const isExtraDeleted = (layout: FixFileLayout, cells: readonly string[]): boolean =>
  !layout.reserved.has('_extra') && reservedCell(layout, cells, '_error_code') === TOO_MANY_FIELDS;

const extraDeleted = (): Refusal => ({
  code: TOO_MANY_FIELDS,
  message:
    'The row had more fields than the header, and the column _extra with the rest of them has been deleted. If the row is right as it is, empty its _error_code.',
});

const lineAndColumns = (): Refusal => ({
  code: 'LINE_AND_COLUMNS',
  column: '_json_line',
  message: 'The row has a line in _json_line and cells in its columns. Empty either the line or the cells.',
});

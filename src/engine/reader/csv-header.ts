import type { Column } from '../definition.ts';
import { SourceError } from '../errors.ts';
import type { Fault } from '../model/outcome.ts';
import { plainName } from './column-names.ts';
import { readCsv } from './csv.ts';
import { sizeOf } from './faults.ts';
import { isFixFile } from './fix-file.ts';
import { knowsHeader } from './header.ts';
import { HEADER_MAX_BYTES, RECORD_MAX_BYTES, type ReadFrom, type SourceRecord } from '../model/records.ts';
import type { SourceFormat } from '../model/source-format.ts';

/** The beginning of a source, or all of it. */
export interface Sample {
  readonly bytes: Uint8Array;
  /** The source continues after it. */
  readonly isCut: boolean;
}

/** The header of a table, and what is before it. */
export interface FoundHeader {
  /** The names of the columns; absent if the source has no record. */
  readonly header?: readonly string[];
  /** Where the first item begins. */
  readonly dataStart: ReadFrom;
  /** The line of the header, and the fault of its record. */
  readonly line?: number;
  readonly fault?: Fault;
  /** The header names the required columns. */
  readonly isKnown: boolean;
  /** How many lines are before it; 0 if the first record is the header. */
  readonly skippedLines: number;
}

const BEGIN: ReadFrom = { byteOffset: 0, line: 1 };

/**
 * How many records may be above the header. Reports and pasted sheets have a title, a date or a filter there. A file
 * with more is not a table with captions.
 */
const CAPTIONS_MAX = 5;

/**
 * Finds the header among the first records, by one delimiter: the first record that names the required columns, if the
 * records before it have fewer filled cells, as captions have. Without one it is the first record.
 * @throws SourceError DRAWN_TABLE, UNCLEAR_COLUMNS, RECORD_TOO_LARGE; UNCLOSED_QUOTE, INVALID_QUOTES if that record has
 * no end
 */
export async function findHeader(
  sample: Sample,
  format: SourceFormat,
  columns: readonly Column[],
): Promise<FoundHeader> {
  const records = await readFirst(sample, format);
  const index = indexOfHeader(records, columns);
  refuseDrawnTable(records, format, columns);
  const record = records[Math.max(0, index)];
  if (!record) return { dataStart: BEGIN, isKnown: false, skippedLines: 0 };
  refuseTooLarge(record, sample);
  const { line, fault } = record;
  return {
    line,
    ...(fault && { fault }),
    header: index >= 0 && hasRowNames(record, records.slice(index + 1)) ? ['', ...record.cells] : record.cells,
    dataStart: { byteOffset: record.endOffset, line: record.nextLine },
    isKnown: index >= 0,
    skippedLines: index > 0 ? record.line - 1 : 0,
  };
}

/** Reads the first records of a sample, without a mark that a program wrote before them. */
async function readFirst(sample: Sample, format: SourceFormat): Promise<readonly SourceRecord[]> {
  let records: readonly SourceRecord[] = [];
  try {
    for await (const some of readCsv(once(sample.bytes), BEGIN, format, HEADER_MAX_BYTES)) {
      records = records.concat(some);
      if (records.length > CAPTIONS_MAX + 1) break;
    }
  } catch (error) {
    // The fault is after records that were read. It may be due to the end of the sample, so the splitter decides.
    if (records.length === 0) throw error;
  }
  return records[0] && MARK.test(joinCells(records[0])) ? records.slice(1) : records;
}

/**
 * `sep=;` names the delimiter for spreadsheets, which add delimiters to it when they save the file again. `#TYPE` names
 * the type of the rows; Windows PowerShell writes it by default.
 */
const MARK = /^(?:sep=[,;\t|]*$|#TYPE\b)/i;

/** Finds the record that names the most columns: a caption may have the name of a column too. */
function indexOfHeader(records: readonly SourceRecord[], columns: readonly Column[]): number {
  let best = -1;
  records.slice(0, CAPTIONS_MAX + 1).forEach(({ cells }, index) => {
    if (!knowsHeader(cells, columns) || !records.slice(0, index).every((before) => isCaption(before, cells))) return;
    if (best < 0 || countKnown(cells, columns) > countKnown(records[best]!.cells, columns)) best = index;
  });
  return best;
}

function countKnown(cells: readonly string[], columns: readonly Column[]): number {
  const names = new Set(cells.map(plainName));
  return columns.filter(({ name }) => names.has(plainName(name))).length;
}

const isCaption = ({ cells }: SourceRecord, header: readonly string[]): boolean =>
  countFilled(cells) < countFilled(header);

const countFilled = (cells: readonly string[]): number => cells.filter((cell) => cell.trim() !== '').length;

const joinCells = ({ cells }: SourceRecord): string => cells.map((cell) => cell.trim()).join('');

/** A drawn line consists of dashes and of the characters at their crossings. */
const DRAWN = /^[\s|+:=\-\u2500-\u257F]+$/;
const LONG_RUN = /-{3}|={3}|[─═━]{3}|-\+-/;
/** The characters at crossings of lines. */
const JOINT = /[|+\u2500-\u257F]/;
/** The underline of a name, or of a name with blanks. */
const RUNS = /^(?:-+|=+)(?:\s+(?:-+|=+))*$/;
/** The underline of Markdown may be shorter than its name. */
const SHORT_RUN = /^:?-{3,}:?$/;

/**
 * Whether a record is a line drawn below or above a header. psql and mysql draw crossings. sqlcmd and sqlite3 underline
 * each name with dashes, at least as long as the name, and so does Markdown between bars. One to three dashes in place
 * of an empty cell are not such a line.
 */
function isRule(cells: readonly string[], header: readonly string[], { delimiter }: SourceFormat): boolean {
  const filled = cells.filter((cell) => cell.trim() !== '');
  if (!filled.some((cell) => LONG_RUN.test(cell)) || !filled.every((cell) => DRAWN.test(cell))) return false;
  if (filled.some((cell) => JOINT.test(cell))) return true;
  const underlines = delimiter === '|' && header.length > 1 ? isMarkdownLine : isUnderline;
  return cells.length === header.length && header.every((name, index) => underlines(cells[index]!.trim(), name.trim()));
}

const isUnderline = (cell: string, name: string): boolean =>
  RUNS.test(cell) && cell.length >= name.length && countWords(cell) <= countWords(name);

const countWords = (text: string): number => text.split(/\s+/).length;

/** Before the first bar and after the last one a line of Markdown has empty cells. */
const isMarkdownLine = (cell: string, name: string): boolean => (name === '' ? cell === '' : SHORT_RUN.test(cell));

/**
 * Refuses the table that a program has drawn for people, with lines around its header: the lines would be rows.
 * @throws SourceError DRAWN_TABLE
 */
function refuseDrawnTable(records: readonly SourceRecord[], format: SourceFormat, columns: readonly Column[]): void {
  const first = records.slice(0, CAPTIONS_MAX + 1);
  const header = first.findIndex(({ cells }) => knowsHeader(cells, columns));
  const near =
    header < 0
      ? first.map((record, index) => [record, first[index - 1]] as const)
      : ([header - 1, header + 1] as const).map((index) => [records[index], records[header]] as const);
  const [rule] = near.find(([line, beside]) => line && isRule(line.cells, beside?.cells ?? [], format)) ?? [];
  if (!rule) return;
  throw new SourceError(
    'DRAWN_TABLE',
    `Line ${rule.line} is a line of dashes: the file is a table as a program draws it for people. Export the table as CSV instead, with psql --csv or .mode csv of sqlite3, for example. If that line is one of your rows, put it below another row.`,
  );
}

/** Refuses a header over the bound. A fix file may have a longer one, because it has columns of its own. */
function refuseTooLarge({ cells, fault, line, endOffset }: SourceRecord, sample: Sample): void {
  const isTooLarge = fault === 'ROW_TOO_LARGE' || (sizeOf(cells) > RECORD_MAX_BYTES && !isFixFile(cells));
  if (!isTooLarge && !(sample.isCut && endOffset >= sample.bytes.length)) return;
  throw new SourceError(
    'RECORD_TOO_LARGE',
    `The header at line ${line}, with the text before it, is longer than ${RECORD_MAX_BYTES} bytes. The usual reason is a quote that is never closed.`,
  );
}

/**
 * Whether the rows begin with their names, by default numbers, and the header has none for that column: R writes that.
 * @throws SourceError UNCLEAR_COLUMNS if the rows may instead end with a delimiter too many
 */
function hasRowNames({ cells: header, line }: SourceRecord, records: readonly SourceRecord[]): boolean {
  // The last record may be cut off with the sample.
  const rows = records.slice(0, Math.max(1, records.length - 1)).map(({ cells }) => cells);
  const areNamed = rows.every((cells, index) => cells.length === header.length + 1 && cells[0] === String(index + 1));
  if (rows.length === 0 || !areNamed) return false;
  if (rows.some((cells) => cells.at(-1)?.trim() !== '')) return true;
  throw new SourceError(
    'UNCLEAR_COLUMNS',
    `Each row has one cell more than the header at line ${line}: the first one is the number of the row, and the last one is empty. Give the first column a name, or remove the delimiters at the ends of the rows.`,
  );
}

/**
 * Refuses a header with wrong quotes, and one that data follows on the same line.
 * @throws SourceError INVALID_QUOTES, LINE_ENDS_MISSING
 */
export function refuseBadHeader(
  { header = [], isKnown, fault, line }: Omit<FoundHeader, 'skippedLines'>,
  sample: Sample,
  columns: readonly Column[],
): void {
  if (fault && isKnown) {
    throw new SourceError(
      'INVALID_QUOTES',
      `The header at line ${line} has text after the closing quote of a name. Double each quote inside a quoted name.`,
    );
  }
  if (isRunTogether(header, sample, columns)) {
    throw new SourceError(
      'LINE_ENDS_MISSING',
      'The file is one line, in which data follows the names of the columns: its line ends are missing. curl -d removes them; send the file with --data-binary instead.',
    );
  }
}

/** The beginning of a cell that is data, not the name of a column. */
const DATA = /^(?:\d|(?:true|false|yes|no)\b)/i;

/** Whether a file without line ends has data in its header: all its rows would be names of columns. */
function isRunTogether(header: readonly string[], sample: Sample, columns: readonly Column[]): boolean {
  const hasLines = sample.isCut || sample.bytes.includes(LINE_FEED) || sample.bytes.includes(CARRIAGE_RETURN);
  if (hasLines || header.length < 2) return false;
  const names = columns.map(({ name }) => plainName(name));
  return header.some((cell) => {
    const plain = plainName(cell);
    if (names.some((name) => plain === name || plain === `${name}s`)) return false;
    return DATA.test(cell.trim()) || names.some((name) => plain.startsWith(name));
  });
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

async function* once(sample: Uint8Array): AsyncGenerator<Uint8Array> {
  yield sample;
}

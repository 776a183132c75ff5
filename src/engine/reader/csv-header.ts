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
  /** The source goes on behind it. */
  readonly isCut: boolean;
}

/** The first record of a table, and what is before it. */
export interface FoundHeader {
  /** The names of the columns; absent if the source has no record. */
  readonly header?: readonly string[];
  /** Where the first item begins. */
  readonly dataStart: ReadFrom;
  /** Where it stands, and what is wrong with it. */
  readonly line?: number;
  readonly fault?: Fault;
  /** It names the required columns. */
  readonly isKnown: boolean;
  /** Lines before it that say something else; 0 if the first record is the header. */
  readonly skippedLines: number;
}

const BEGIN: ReadFrom = { byteOffset: 0, line: 1 };

/**
 * Reports and pasted sheets have a title, a date, a filter above the table. What has more is taken for another kind of
 * file.
 */
const CAPTIONS_MAX = 5;

/**
 * Finds the header among the first records, by one delimiter: the first record that names the required columns, if
 * those before it have fewer cells with something in them, as captions have; else the first record of all.
 * @throws SourceError DRAWN_TABLE, UNCLEAR_COLUMNS, RECORD_TOO_LARGE, UNCLOSED_QUOTE, INVALID_QUOTES if that record has
 * no end
 */
export async function findHeader(
  sample: Sample,
  format: SourceFormat,
  columns: readonly Column[],
): Promise<FoundHeader> {
  const records = await firstRecords(sample, format);
  const index = indexOfHeader(records, columns);
  refuseDrawn(records, format, columns);
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

/** The first records of a sample, but for what programs write to each other before them. */
async function firstRecords(sample: Sample, format: SourceFormat): Promise<readonly SourceRecord[]> {
  let records: readonly SourceRecord[] = [];
  try {
    for await (const some of readCsv(once(sample.bytes), BEGIN, format, HEADER_MAX_BYTES)) {
      records = records.concat(some);
      if (records.length > CAPTIONS_MAX + 1) break;
    }
  } catch (error) {
    // It is behind records that were read; whether it is one of the source, its reader sees.
    if (records.length === 0) throw error;
  }
  return records[0] && MARK.test(textOf(records[0])) ? records.slice(1) : records;
}

/**
 * `sep=;`, by which spreadsheets tell each other the delimiter, and which they fill up with delimiters when they save
 * it again; and the type of the rows, which Windows PowerShell writes unless told not to.
 */
const MARK = /^(?:sep=[,;\t|]*$|#TYPE\b)/i;

/** Of the first records the one that knows the most columns: a caption may be called as one of them is. */
function indexOfHeader(records: readonly SourceRecord[], columns: readonly Column[]): number {
  let best = -1;
  records.slice(0, CAPTIONS_MAX + 1).forEach(({ cells }, index) => {
    if (!knowsHeader(cells, columns) || !records.slice(0, index).every((before) => isCaption(before, cells))) return;
    if (best < 0 || knownIn(cells, columns) > knownIn(records[best]!.cells, columns)) best = index;
  });
  return best;
}

function knownIn(cells: readonly string[], columns: readonly Column[]): number {
  const names = new Set(cells.map(plainName));
  return columns.filter(({ name }) => names.has(plainName(name))).length;
}

const isCaption = ({ cells }: SourceRecord, header: readonly string[]): boolean => filledIn(cells) < filledIn(header);

const filledIn = (cells: readonly string[]): number => cells.filter((cell) => cell.trim() !== '').length;

const textOf = ({ cells }: SourceRecord): string => cells.map((cell) => cell.trim()).join('');

/** Dashes, and what stands where they meet: nothing else is in a line that is drawn. */
const DRAWN = /^[\s|+:=\-\u2500-\u257F]+$/;
const LONG_RUN = /-{3}|={3}|[─═━]{3}|-\+-/;
/** Where lines meet. */
const JOINT = /[|+\u2500-\u257F]/;
/** Of one column, and of columns with blanks between them. */
const RUNS = /^(?:-+|=+)(?:\s+(?:-+|=+))*$/;
/** Markdown draws them as short as it likes. */
const SHORT_RUN = /^:?-{3,}:?$/;

/**
 * Whether a record is a line that was drawn below or above a header: with joints, as psql and mysql draw it; or with a
 * run of dashes for each name and as long as it, as sqlcmd and sqlite3 do, and Markdown with bars. Nothing else fills a
 * row like that: a dash or three that stand for an empty cell do not.
 */
function isRule(cells: readonly string[], header: readonly string[], { delimiter }: SourceFormat): boolean {
  const filled = cells.filter((cell) => cell.trim() !== '');
  if (!filled.some((cell) => LONG_RUN.test(cell)) || !filled.every((cell) => DRAWN.test(cell))) return false;
  if (filled.some((cell) => JOINT.test(cell))) return true;
  const underlines = delimiter === '|' && header.length > 1 ? isMarkdownLine : isUnderline;
  return cells.length === header.length && header.every((name, index) => underlines(cells[index]!.trim(), name.trim()));
}

const isUnderline = (cell: string, name: string): boolean =>
  RUNS.test(cell) && cell.length >= name.length && wordsIn(cell) <= wordsIn(name);

const wordsIn = (text: string): number => text.split(/\s+/).length;

/** Nothing stands before the first bar and behind the last one. */
const isMarkdownLine = (cell: string, name: string): boolean => (name === '' ? cell === '' : SHORT_RUN.test(cell));

/**
 * A program that shows a table to people draws lines around its header, which would be rows.
 * @throws SourceError DRAWN_TABLE
 */
function refuseDrawn(records: readonly SourceRecord[], format: SourceFormat, columns: readonly Column[]): void {
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

/** A fix file has columns of its own besides those of the source. */
function refuseTooLarge({ cells, fault, line, endOffset }: SourceRecord, sample: Sample): void {
  const isTooLarge = fault === 'ROW_TOO_LARGE' || (sizeOf(cells) > RECORD_MAX_BYTES && !isFixFile(cells));
  if (!isTooLarge && !(sample.isCut && endOffset >= sample.bytes.length)) return;
  throw new SourceError(
    'RECORD_TOO_LARGE',
    `The header at line ${line} is longer than ${RECORD_MAX_BYTES} bytes, or what is before it is. If it should not be, a quote that is never closed is the usual reason.`,
  );
}

/**
 * R writes the names of the rows in front of them, and no name for that column: by default they are numbers.
 * @throws SourceError UNCLEAR_COLUMNS if the rows may as well end with a delimiter too many
 */
function hasRowNames({ cells: header, line }: SourceRecord, records: readonly SourceRecord[]): boolean {
  // The last record may be cut off with the sample.
  const rows = records.slice(0, Math.max(1, records.length - 1)).map(({ cells }) => cells);
  const areNamed = rows.every((cells, index) => cells.length === header.length + 1 && cells[0] === String(index + 1));
  if (rows.length === 0 || !areNamed) return false;
  if (rows.some((cells) => cells.at(-1)?.trim() !== '')) return true;
  throw new SourceError(
    'UNCLEAR_COLUMNS',
    `Each row has one cell more than the header at line ${line}: the first one is the number of the row, and the last one is empty. Give the first column a name, or take the delimiters at the ends of the rows away.`,
  );
}

/**
 * Refuses a header whose quotes are wrong, and one that data run into.
 * @throws SourceError INVALID_QUOTES, LINE_ENDS_MISSING
 */
export function refuseWrong(
  { header = [], isKnown, fault, line }: Omit<FoundHeader, 'skippedLines'>,
  sample: Sample,
  columns: readonly Column[],
): void {
  if (fault && isKnown) {
    throw new SourceError(
      'INVALID_QUOTES',
      `Text stands behind the closing quote of a name in the header at line ${line}. Double each quote that belongs to a quoted name.`,
    );
  }
  if (isRunTogether(header, sample, columns)) {
    throw new SourceError(
      'LINE_ENDS_MISSING',
      'The file is one line, in which data follow the names of the columns: its line ends are gone. curl -d takes them out; send the file with --data-binary instead.',
    );
  }
}

/** A cell of a header that is none, if the file is one line: data, or a name that data follow. */
const DATA = /^(?:\d|(?:true|false|yes|no)\b)/i;

/** Of a file whose line ends are gone all rows would be names of columns. */
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

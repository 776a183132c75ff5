import { stringify } from 'csv-stringify/sync';
import {
  cellsOf,
  FIX_FILE_COLUMNS,
  fixFileLayout,
  isPadding,
  neutralised,
  reservedCell,
  unneutralised,
  type FixFileColumn,
  type FixFileLayout,
  type ItemFailure,
  type Job,
  type ReadOptions,
} from '../../engine/index.ts';
import { toRowNumber } from '../model/row-number.ts';
import { TASK_COLUMNS } from '../model/row.ts';

/** Names the fix file of a file, as clients save it. */
export const fixFileName = (fileName: string): string => `${fileName.replace(/\.csv$/i, '')}.failures.csv`;

const BYTE_ORDER_MARK = '\uFEFF';

/** A cell needs quotes for blanks at its ends, a line break, or any delimiter, because a program may detect another. */
const QUOTED = /^\s|\s$|[\r\n,;\t|]/;

/**
 * Writes records as CSV, with quotes only where they are needed: a program that reads the byte-order mark as a letter
 * would also read a quote behind it as one.
 */
const toCsvText = (records: readonly (readonly string[])[], delimiter: string): string =>
  stringify(
    records.map((record) => [...record]),
    { delimiter, quoted_match: QUOTED, record_delimiter: '\r\n' },
  );

/**
 * Writes a cell. Programs end a text at a NUL, so U+FFFD replaces it, which is refused as a NUL is. Programs save a
 * lone carriage return without quotes, where it ends the row, so a line feed replaces it, which breaks the line as
 * well.
 */
const writeCell = (cell: string): string => neutralised(cell.replaceAll('\0', '\uFFFD').replaceAll(/\r(?!\n)/g, '\n'));

type FixedJob = Pick<Job, 'format' | 'header' | 'options'>;

/** A failed row, with what its fix file needs. */
interface FailedRow {
  readonly failure: ItemFailure;
  /** The options of the upload. */
  readonly options: ReadOptions;
  /** The cells in the order of the header. Absent if the line cannot be split into cells. */
  readonly cells?: readonly string[];
  /** The cells behind the last column, each with the delimiter before it. */
  readonly beyond: string;
  /** Reads the cell of a reserved column, if the source is a fix file itself. */
  readonly earlier?: (column: FixFileColumn) => string;
}

const HOW_TO_REPAIR_A_LINE = 'Repair it in _json_line, or empty _json_line and fill the columns.';

/** Computes the cell of each reserved column. */
const CONTENT: Readonly<Record<FixFileColumn, (row: FailedRow) => string>> = {
  _row: ({ failure, earlier }) => (earlier ? wholeNumber(earlier('_row')) : String(toRowNumber(failure.index))),
  _error_code: ({ failure }) => failure.code,
  _error_column: ({ failure }) => failure.column ?? '',
  _error_message: ({ failure, cells }) => (cells ? failure.message : `${failure.message} ${HOW_TO_REPAIR_A_LINE}`),
  _extra: ({ beyond, earlier = none }) => earlier('_extra') + beyond,
  _json_line: ({ failure, cells, earlier = none }) => (cells ? earlier('_json_line') : failure.cells[0]!),
  _time_zone: ({ options: { timeZone }, earlier = none }) => timeZone ?? earlier('_time_zone'),
  _null_words: ({ options: { nullWords }, earlier = none }) =>
    nullWords ? JSON.stringify(nullWords) : earlier('_null_words'),
};

const none = (): string => '';

/** A row that the caller added to a fix file has no number. A program may have turned another number into a decimal. */
const wholeNumber = (cell: string): string => /^(\d+)(?:\.0*)?$/.exec(cell)?.[1] ?? '';

/** Writes the fix file of a job piece by piece. The columns depend on the job only, not on the failed rows. */
export class FixFile {
  readonly #job: FixedJob;
  readonly #header: readonly string[];
  /** The layout of the source, if it is a fix file itself. */
  readonly #layout: FixFileLayout | undefined;
  readonly #columns: readonly FixFileColumn[];

  constructor(job: FixedJob) {
    this.#job = job;
    this.#header = job.header ?? [];
    this.#layout = fixFileLayout(this.#header);
    this.#columns = FIX_FILE_COLUMNS.filter(
      ({ name, role }) => role === 'shown' || mayNeed(job, name) || this.#layout?.reserved.has(name),
    ).map(({ name }) => name);
  }

  /** Writes the first line: the names of the source's own columns and of the reserved ones. */
  head(): string {
    return BYTE_ORDER_MARK + this.#text([this.#record(this.#header, (column) => column)]);
  }

  lines(failures: readonly ItemFailure[]): string {
    return this.#text(
      failures.map((failure) => {
        const row = this.#failedRow(failure);
        return this.#record(row.cells ?? [], (column) => CONTENT[column](row));
      }),
    );
  }

  #text(records: readonly (readonly string[])[]): string {
    return toCsvText(records, this.#job.format.delimiter);
  }

  /** `_row` comes first and is a number. The source's own cells and the other columns are written as text. */
  #record(cells: readonly string[], content: (column: FixFileColumn) => string): string[] {
    const [row, ...others] = this.#columns.map(content);
    const own = this.#layout?.own.map((index) => unneutralised(cells[index] ?? ''));
    return [
      row!,
      ...(own ?? this.#header.map((_, index) => cells[index] ?? '')).map(writeCell),
      ...others.map(writeCell),
    ];
  }

  #failedRow(failure: ItemFailure): FailedRow {
    const layout = this.#layout;
    const read = cellsOf(this.#job, failure.cells, TASK_COLUMNS);
    const cells = 'code' in read ? undefined : read;
    const earlier = layout && ((column: FixFileColumn) => reservedCell(layout, cells ?? [], column));
    const { options = {} } = this.#job;
    return {
      failure,
      options,
      ...(cells && { cells }),
      beyond: this.#beyond(cells ?? []),
      ...(earlier && { earlier }),
    };
  }

  #beyond(cells: readonly string[]): string {
    const beyond = cells.slice(this.#header.length);
    if (this.#layout && isPadding(beyond)) return '';
    // A tab would be invisible in a cell.
    const delimiter = this.#job.format.delimiter.replace('\t', '|');
    return beyond.map((cell) => delimiter + cell).join('');
  }
}

/** Whether the rows of a job may need a column. */
function mayNeed({ format: { type }, options }: FixedJob, column: FixFileColumn): boolean {
  if (column === '_time_zone') return options?.timeZone !== undefined;
  if (column === '_null_words') return options?.nullWords !== undefined;
  return column === '_row' || column === (type === 'csv' ? '_extra' : '_json_line');
}

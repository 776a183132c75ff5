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
import { rowOf } from '../model/row-number.ts';
import { TASK_COLUMNS } from '../model/row.ts';

/** The name under which the fix file of a file is saved. */
export const fixFileName = (fileName: string): string => `${fileName.replace(/\.csv$/i, '')}.failures.csv`;

const BYTE_ORDER_MARK = '\uFEFF';

/** Blanks at the ends of a cell, line breaks, and every delimiter: a program may look for another one. */
const QUOTED = /^\s|\s$|[\r\n,;\t|]/;

/**
 * What needs no quotes has none: a program that takes the byte-order mark for a letter takes a quote behind it for
 * another.
 */
const textOf = (records: readonly (readonly string[])[], delimiter: string): string =>
  stringify(
    records.map((record) => [...record]),
    { delimiter, quoted_match: QUOTED, record_delimiter: '\r\n' },
  );

/**
 * A cell as it is written. Programs end a text at a NUL, and do not quote a carriage return that stands alone, which
 * ends the row there: U+FFFD is refused as a NUL is, and a line feed breaks the line as well.
 */
const written = (cell: string): string => neutralised(cell.replaceAll('\0', '\uFFFD').replaceAll(/\r(?!\n)/g, '\n'));

type FixedJob = Pick<Job, 'format' | 'header' | 'options'>;

/** A failed row, as its fix file sees it. */
interface FailedRow {
  readonly failure: ItemFailure;
  /** Of the upload. */
  readonly options: ReadOptions;
  /** In the order of the header; absent of a line that can't be taken apart. */
  readonly cells?: readonly string[];
  /** What stands behind the last column, each cell with the delimiter before it. */
  readonly beyond: string;
  /** The cell of a column, of a source that is a fix file itself. */
  readonly earlier?: (column: FixFileColumn) => string;
}

const HOW_TO_MEND_A_LINE = 'Mend it in _json_line, or empty _json_line and fill the columns.';

/** What stands in each reserved column. */
const CONTENT: Readonly<Record<FixFileColumn, (row: FailedRow) => string>> = {
  _row: ({ failure, earlier }) => (earlier ? wholeNumber(earlier('_row')) : String(rowOf(failure.index))),
  _error_code: ({ failure }) => failure.code,
  _error_column: ({ failure }) => failure.column ?? '',
  _error_message: ({ failure, cells }) => (cells ? failure.message : `${failure.message} ${HOW_TO_MEND_A_LINE}`),
  _extra: ({ beyond, earlier = none }) => earlier('_extra') + beyond,
  _json_line: ({ failure, cells, earlier = none }) => (cells ? earlier('_json_line') : failure.cells[0]!),
  _time_zone: ({ options: { timeZone }, earlier = none }) => timeZone ?? earlier('_time_zone'),
  _null_words: ({ options: { nullWords }, earlier = none }) =>
    nullWords ? JSON.stringify(nullWords) : earlier('_null_words'),
};

const none = (): string => '';

/** A row that a person has added to a fix file has no number; a program may have made another one a decimal. */
const wholeNumber = (cell: string): string => /^(\d+)(?:\.0*)?$/.exec(cell)?.[1] ?? '';

/** The fix file of a job, piece by piece: it has the same columns in each row, whatever rows are still to come. */
export class FixFile {
  readonly #job: FixedJob;
  readonly #header: readonly string[];
  /** Of a source that is a fix file itself. */
  readonly #layout: FixFileLayout | undefined;
  readonly #columns: readonly FixFileColumn[];

  constructor(job: FixedJob) {
    this.#job = job;
    this.#header = job.header ?? [];
    this.#layout = fixFileLayout(this.#header);
    this.#columns = FIX_FILE_COLUMNS.filter(
      ({ name, role }) => role === 'shown' || isOf(job, name) || this.#layout?.reserved.has(name),
    ).map(({ name }) => name);
  }

  /** The first line: the source's own names, and those of what is said of each row. */
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
    return textOf(records, this.#job.format.delimiter);
  }

  /** `_row` comes first and is a number; the source's own cells and the other columns are written as text. */
  #record(cells: readonly string[], content: (column: FixFileColumn) => string): string[] {
    const [row, ...others] = this.#columns.map(content);
    const own = this.#layout?.own.map((index) => unneutralised(cells[index] ?? ''));
    return [row!, ...(own ?? this.#header.map((_, index) => cells[index] ?? '')).map(written), ...others.map(written)];
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
    // A tab alone would look like nothing.
    const delimiter = this.#job.format.delimiter.replace('\t', '|');
    return beyond.map((cell) => delimiter + cell).join('');
  }
}

/** Which columns the rows of a job may need. */
function isOf({ format: { type }, options }: FixedJob, column: FixFileColumn): boolean {
  if (column === '_time_zone') return options?.timeZone !== undefined;
  if (column === '_null_words') return options?.nullWords !== undefined;
  return column === '_row' || column === (type === 'csv' ? '_extra' : '_json_line');
}

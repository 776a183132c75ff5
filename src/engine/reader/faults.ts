import { FAULTS, type Fault, type Refusal } from '../model/outcome.ts';
import { RECORD_MAX_BYTES } from '../model/records.ts';

export const isFault = (code: string): code is Fault => FAULTS.some((fault) => fault === code);

/**
 * Marks the position in a cell where its text cannot be trusted. No known column accepts it, so the cell fails again
 * until it is repaired.
 */
export const DAMAGE = '\uFFFD';

/** How many characters and cells of a record with a fault are kept. */
const KEPT_CHARACTERS = 16 * 1024;
const KEPT_CELLS = 1_000;

const MESSAGES: Record<Fault, string> = {
  ROW_TOO_LARGE:
    `The row is longer than ${RECORD_MAX_BYTES} bytes. Its long cells are shortened here; U+FFFD marks where. ` +
    'Write each of them in full and shorter, or leave it empty.',
  INVALID_QUOTES:
    'A cell has text after its closing quote; U+FFFD marks the cell. Double each quote inside a quoted cell, as in "a 5"" nail". A backslash does not escape a quote.',
};

export const refusalOf = (fault: Fault): Refusal => ({ code: fault, message: MESSAGES[fault] });

export interface CellsRead {
  readonly cells: readonly string[];
  readonly fault?: Fault;
}

/** Shortens the cells of a record that do not fit an item. */
export const fitCells = (cells: readonly string[], maxBytes = RECORD_MAX_BYTES): CellsRead =>
  sizeOf(cells) > maxBytes ? { cells: shorten(cells), fault: 'ROW_TOO_LARGE' } : { cells };

/** The bytes of cells in UTF-8, with the delimiters between them. */
export const sizeOf = (cells: readonly string[]): number =>
  cells.reduce((sum, cell) => sum + Buffer.byteLength(cell), cells.length - 1);

/** Shortens cells so that they fit a message: a long cell keeps its beginning, and says how much is left out. */
function shorten(cells: readonly string[]): readonly string[] {
  const kept = cells.slice(0, KEPT_CELLS);
  const room = Math.floor(KEPT_CHARACTERS / kept.length);
  const texts = kept.map((cell) =>
    cell.length <= room
      ? cell
      : `${cell.slice(0, room).toWellFormed()}${DAMAGE} (${cell.length - room} characters are left out)`,
  );
  const others = cells.length - kept.length;
  return others > 0 ? [...texts, `${DAMAGE} (${others} cells are left out)`] : texts;
}

/** Marks the first cell after `before`, which has wrong quotes. */
export const fitWronglyQuoted = (
  before: readonly string[],
  [wrong = '', ...behind]: readonly string[],
  maxBytes: number,
): CellsRead => ({
  cells: fitCells([...before, wrong + DAMAGE, ...behind], maxBytes).cells,
  fault: 'INVALID_QUOTES',
});

import { FAULTS, type Fault, type Refusal } from '../model/outcome.ts';
import { RECORD_MAX_BYTES } from '../model/records.ts';

export const isFault = (code: string): code is Fault => FAULTS.some((fault) => fault === code);

/**
 * Stands in a cell where its text cannot be trusted. A known column does not take it, so the cell fails again until it
 * is repaired.
 */
export const DAMAGE = '\uFFFD';

/** What a record with a fault keeps: so many characters, and so many cells. */
const KEPT_CHARACTERS = 16 * 1024;
const KEPT_CELLS = 1_000;

const MESSAGES: Record<Fault, string> = {
  ROW_TOO_LARGE:
    `The row is longer than ${RECORD_MAX_BYTES} bytes. Its long cells are shown shortened; U+FFFD stands where the rest is left out. ` +
    'Write each of them whole and shorter, or leave it empty.',
  INVALID_QUOTES:
    'Text stands behind the closing quote of a cell; U+FFFD marks the cell. Double each quote that belongs to the text of a quoted cell, as in "a 5"" nail". A backslash does not do it.',
};

export const refusalOf = (fault: Fault): Refusal => ({ code: fault, message: MESSAGES[fault] });

export interface CellsRead {
  readonly cells: readonly string[];
  readonly fault?: Fault;
}

/** The cells of a record, if they fit an item. */
export const fitting = (cells: readonly string[], maxBytes = RECORD_MAX_BYTES): CellsRead =>
  sizeOf(cells) > maxBytes ? { cells: shortened(cells), fault: 'ROW_TOO_LARGE' } : { cells };

/** In UTF-8, with the delimiters between them. */
export const sizeOf = (cells: readonly string[]): number =>
  cells.reduce((sum, cell) => sum + Buffer.byteLength(cell), cells.length - 1);

/** Cells that fit a message: of each that is too long its beginning, and how much is left out. */
function shortened(cells: readonly string[]): readonly string[] {
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

/** The cells of a record of which the one behind those before has wrong quotes. */
export const wronglyQuoted = (
  before: readonly string[],
  [wrong = '', ...behind]: readonly string[],
  maxBytes: number,
): CellsRead => ({
  cells: fitting([...before, wrong + DAMAGE, ...behind], maxBytes).cells,
  fault: 'INVALID_QUOTES',
});

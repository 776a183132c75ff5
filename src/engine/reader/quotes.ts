const QUOTE = '"';
const BLANK = /\s/;

const isLineEnd = (character: string | undefined): boolean => character === '\n' || character === '\r';

/** Where text goes on behind blanks. Line ends are none, and neither is the delimiter. */
function behindBlanks(text: string, from: number, delimiter: string): number {
  let at = from;
  while (at < text.length && text[at] !== delimiter && !isLineEnd(text[at]) && BLANK.test(text[at]!)) at += 1;
  return at;
}

/** The quote that ends what is quoted: one that no second quote follows. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf(QUOTE, from);
  while (at >= 0 && text[at + 1] === QUOTE) at = text.indexOf(QUOTE, at + 2);
  return at;
}

/** What is read of a record's text: all of its cells, or those before the one whose quotes are wrong. */
export interface QuotedCells {
  readonly cells: readonly string[];
  readonly isWhole: boolean;
}

/**
 * Reads the text of one record, without its line end, by the strict rule: a cell that begins with a quote, blanks
 * around it ignored, ends with the quote that closes it. csv-parse takes what stands behind that quote for text of the
 * cell, be it a blank, and does not tell; so a record in which a cell may begin with a quote is read once more. A bare
 * cell keeps its blanks.
 */
export function quotedCells(text: string, delimiter: string): QuotedCells {
  const cells: string[] = [];
  let end = -1;
  do {
    const begin = behindBlanks(text, end + 1, delimiter);
    const cell = text[begin] === QUOTE ? quotedCell(text, begin, delimiter) : bareCell(text, end + 1, delimiter);
    if (!cell) return { cells, isWhole: false };
    cells.push(cell.text);
    ({ end } = cell);
  } while (end < text.length);
  return { cells, isWhole: true };
}

interface Cell {
  readonly text: string;
  /** At its delimiter, or the end of the record. */
  readonly end: number;
}

function quotedCell(text: string, begin: number, delimiter: string): Cell | undefined {
  const close = closingQuote(text, begin + 1);
  const end = behindBlanks(text, close + 1, delimiter);
  const isClosed = close >= 0 && (end === text.length || text[end] === delimiter);
  return isClosed ? { text: text.slice(begin + 1, close).replaceAll('""', QUOTE), end } : undefined;
}

function bareCell(text: string, begin: number, delimiter: string): Cell {
  const next = text.indexOf(delimiter, begin);
  const end = next < 0 ? text.length : next;
  return { text: text.slice(begin, end), end };
}

const [LINE_FEED, CARRIAGE_RETURN, SPACE, TAB] = [0x0a, 0x0d, 0x20, 0x09] as const;

/** Whether a place in UTF-8 is where a cell begins: a delimiter, a line end or nothing is before it, blanks ignored. */
export function beginsCell(utf8: Uint8Array, place: number, delimiter: string): boolean {
  const ends = new Set<number | undefined>([delimiter.codePointAt(0), LINE_FEED, CARRIAGE_RETURN, undefined]);
  let at = place - 1;
  while (!ends.has(utf8[at]) && (utf8[at] === SPACE || utf8[at] === TAB)) at -= 1;
  return ends.has(utf8[at]);
}

const QUOTE = '"';
const BLANK = /\s/;

const isLineEnd = (character: string | undefined): boolean => character === '\n' || character === '\r';

/** Finds the end of blanks. Line ends and the delimiter are not blanks. */
function skipBlanks(text: string, from: number, delimiter: string): number {
  let at = from;
  while (at < text.length && text[at] !== delimiter && !isLineEnd(text[at]) && BLANK.test(text[at]!)) at += 1;
  return at;
}

/** Finds the closing quote: the first one that no second quote follows. */
function findClosingQuote(text: string, from: number): number {
  let at = text.indexOf(QUOTE, from);
  while (at >= 0 && text[at + 1] === QUOTE) at = text.indexOf(QUOTE, at + 2);
  return at;
}

/** The cells of a record: all of them, or those before a cell with wrong quotes. */
export interface QuotedCells {
  readonly cells: readonly string[];
  readonly isWhole: boolean;
}

/**
 * Reads the text of one record, without its line end, by the strict rule: a cell that begins with a quote ends with its
 * closing quote, and blanks around it are ignored. A bare cell keeps its blanks. csv-parse silently adds any text after
 * the closing quote to the cell, so a record in which a cell may begin with a quote is read again by this function.
 */
export function readQuotedCells(text: string, delimiter: string): QuotedCells {
  const cells: string[] = [];
  let end = -1;
  do {
    const begin = skipBlanks(text, end + 1, delimiter);
    const cell =
      text[begin] === QUOTE ? readQuotedCell(text, begin, delimiter) : readBareCell(text, end + 1, delimiter);
    if (!cell) return { cells, isWhole: false };
    cells.push(cell.text);
    ({ end } = cell);
  } while (end < text.length);
  return { cells, isWhole: true };
}

interface Cell {
  readonly text: string;
  /** The position of the next delimiter, or the end of the record. */
  readonly end: number;
}

function readQuotedCell(text: string, begin: number, delimiter: string): Cell | undefined {
  const close = findClosingQuote(text, begin + 1);
  const end = skipBlanks(text, close + 1, delimiter);
  const isClosed = close >= 0 && (end === text.length || text[end] === delimiter);
  return isClosed ? { text: text.slice(begin + 1, close).replaceAll('""', QUOTE), end } : undefined;
}

function readBareCell(text: string, begin: number, delimiter: string): Cell {
  const next = text.indexOf(delimiter, begin);
  const end = next < 0 ? text.length : next;
  return { text: text.slice(begin, end), end };
}

const [LINE_FEED, CARRIAGE_RETURN, SPACE, TAB] = [0x0a, 0x0d, 0x20, 0x09] as const;

/** Whether a cell begins at a position in UTF-8: before it, blanks ignored, is a delimiter, a line end or nothing. */
export function beginsCell(utf8: Uint8Array, position: number, delimiter: string): boolean {
  const ends = new Set<number | undefined>([delimiter.codePointAt(0), LINE_FEED, CARRIAGE_RETURN, undefined]);
  let at = position - 1;
  while (!ends.has(utf8[at]) && (utf8[at] === SPACE || utf8[at] === TAB)) at -= 1;
  return ends.has(utf8[at]);
}

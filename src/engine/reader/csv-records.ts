import type { Parser } from 'csv-parse';
import { SourceError, type SourceErrorCode } from '../errors.ts';
import { nextRecord, parserOf, type ParsedRecord } from './csv-parser.ts';
import { fitting, wronglyQuoted, type CellsRead } from './faults.ts';
import { beginsCell, quotedCells } from './quotes.ts';
import { RECORD_MAX_BYTES, RECORD_REACH_BYTES, type ReadFrom, type SourceRecord } from '../model/records.ts';
import { ShownText } from './text/shown-text.ts';
import type { Transcoder } from './text/transcoder.ts';

export interface CsvSetting {
  readonly transcoder: Transcoder;
  readonly delimiter: string;
  /** Of a record that can become a valid item. */
  readonly maxBytes: number;
}

/** How far behind a row with wrong quotes the next quote is looked for, in bytes. */
const QUOTE_REACH_BYTES = RECORD_MAX_BYTES;

/**
 * What the parser keeps back at most, so as to look ahead: of so much nobody knows yet whether the next record has
 * begun.
 */
const LOOK_AHEAD_BYTES = 8;

const QUOTE = 0x22;
const SPACE = 0x20;
/** No other character from this one on is a blank of ASCII. */
const NO_BREAK_SPACE = 0xa0;

/**
 * The records of a text, with their places. csv-parse's own line count takes a CRLF inside quotes for two lines, so
 * lines are counted here: one for the record, one for each line end inside its cells, one for each blank line before
 * it.
 *
 * The parser takes a quote behind blanks for one inside a bare cell. At the first record that has one another parser
 * begins, which takes it for the beginning of a quoted cell; it loses the blanks of bare cells, so each of its records
 * is read once more.
 *
 * A row whose quotes are wrong has a fault, if it is certain that it ends with its line: its line end does not stand
 * between quotes, and the next quote of the source begins a cell. Otherwise rows behind it may be text of it, and the
 * source fails. The row, and those behind it, are kept back until that is decided.
 */
export class CsvRecords {
  readonly #transcoder: Transcoder;
  readonly #delimiter: string;
  readonly #maxBytes: number;
  readonly #isBeginning: boolean;
  readonly #blankLinesBefore: RegExp;
  #parser: Parser;
  #trims = false;
  /** Where the parser began; in UTF-8, as all offsets here. */
  #base = 0;
  /** The parser is to begin again behind the last record. */
  #isLeft = false;
  /** After the last record. */
  #line: number;
  #end = 0;
  /** Blank lines before the last record by the parser's count, and those behind it that the parser took for records. */
  #blankLines = 0;
  #blankRecords = 0;
  readonly #text = new ShownText();
  #ready: SourceRecord[] = [];
  #held: SourceRecord[] = [];
  /** The end of a row with wrong quotes of which it is not decided yet whether it is certain. */
  #unsure: { readonly end: number; readonly line: number } | undefined;
  #failure: SourceError | undefined;

  constructor(from: ReadFrom, { transcoder, delimiter, maxBytes }: CsvSetting) {
    this.#transcoder = transcoder;
    this.#delimiter = delimiter;
    this.#maxBytes = maxBytes;
    this.#line = from.line;
    this.#isBeginning = from.byteOffset === 0;
    this.#blankLinesBefore = new RegExp(String.raw`^(?:[^\S\r\n${delimiter}]*(?:\r\n|\n|\r))+`);
    this.#parser = parserOf({ delimiter, bom: this.#isBeginning, ltrim: false });
  }

  get parser(): Parser {
    return this.#parser;
  }

  /** Sees the text that the parser is given next. */
  show(text: Uint8Array, isLast = false): void {
    this.#text.show(text, isLast, Math.min(this.#end, this.#unsure?.end ?? this.#end));
  }

  /** The records that are complete and certain by now, up to a failure. */
  take(): readonly SourceRecord[] {
    for (let next = this.#read(); next !== null; next = this.#read()) this.#add(next);
    this.#decide();
    const taken = this.#ready;
    this.#ready = [];
    return taken;
  }

  /** The text that another parser has to be given, if one has begun. */
  begunAgain(): Uint8Array | undefined {
    if (!this.#isLeft) return undefined;
    this.#parser.destroy();
    this.#parser = parserOf({ delimiter: this.#delimiter, bom: this.#isBeginning && this.#end === 0, ltrim: true });
    this.#trims = true;
    this.#isLeft = false;
    this.#base = this.#end;
    this.#blankLines = 0;
    this.#blankRecords = 0;
    return this.#text.slice(this.#end, Infinity);
  }

  /** What the parser was given belongs to the records taken, and to one more, but for what it looks ahead. */
  bound(offset = this.#text.end - LOOK_AHEAD_BYTES, emptyLines = this.#parser.info.empty_lines): void {
    if (!this.takesMore || offset - this.#end <= RECORD_REACH_BYTES) return;
    this.#fail(
      'RECORD_TOO_LARGE',
      `The record at line ${this.#lineAfter(emptyLines)} is longer than ${RECORD_REACH_BYTES} bytes, its line end and blank lines before it included. If it should not be, a quote that is never closed is the usual reason.`,
    );
  }

  /** The parser has failed; with its settings there is one way for it to fail. */
  isUnclosed(): void {
    this.#fail(
      'UNCLOSED_QUOTE',
      `The record at line ${this.#lineAfter(this.#parser.info.empty_lines)} opens a quote that is never closed. Close it, or double a quote that is meant literally.`,
    );
  }

  /**
   * A quote that is passed over behind blanks may be what opens the next one wrongly: the other parser has to find the
   * same.
   */
  #fail(code: SourceErrorCode, message: string): void {
    if (this.#trims) this.#failure ??= new SourceError(code, message);
    else this.#isLeft = true;
  }

  /** Of this parser, as long as nothing has failed. */
  get takesMore(): boolean {
    return this.#failure === undefined && !this.#isLeft;
  }

  /** @throws SourceError if the source cannot be read on */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  #read(): ParsedRecord | null {
    return this.takesMore ? nextRecord(this.#parser) : null;
  }

  #add({ record, info }: ParsedRecord): void {
    this.#decide();
    const end = this.#base + info.bytes;
    // Not the parser's own count: that is further, by what it has read behind this record.
    this.bound(end, info.empty_lines);
    if (!this.takesMore) return;
    if (this.#isBlank(record, end)) return void (this.#blankRecords += 1);
    const { lineEnds, isDoubtful, isPassedOver } = signsIn(record, this.#text.hasNul);
    if (!this.#trims && isPassedOver) return void (this.#isLeft = true);
    const line = this.#lineAfter(info.empty_lines);
    const { cells, fault } = this.#cellsOf(record, isDoubtful, end);
    const nextLine = line + 1 + lineEnds;
    const endOffset = this.#transcoder.sourceOffset(end);
    this.#blankLines = info.empty_lines;
    this.#blankRecords = 0;
    this.#line = nextLine;
    this.#end = end;
    if (fault === 'INVALID_QUOTES') {
      if (nextLine > line + 1) return this.#refuse(line);
      this.#unsure = { end, line };
    }
    const placed = { cells, line, endOffset, nextLine };
    (this.#unsure ? this.#held : this.#ready).push(fault ? { ...placed, fault } : placed);
  }

  /** A line of blanks alone, which a parser that trims takes for a blank line. */
  #isBlank(record: readonly string[], end: number): boolean {
    return record.length === 1 && record[0]!.trim() === '' && !this.#text.slice(this.#end, end).includes(QUOTE);
  }

  #cellsOf(record: readonly string[], isDoubtful: boolean, end: number): CellsRead {
    if (this.#trims || isDoubtful) return this.#readAgain(record, end);
    return end - this.#end > this.#maxBytes ? fitting(record, this.#maxBytes) : { cells: record };
  }

  #readAgain(record: readonly string[], end: number): CellsRead {
    const text = this.#text.slice(this.#end, end).toString('utf8');
    const bare = (this.#isBeginning && this.#end === 0 ? text.replace(BYTE_ORDER_MARK, '') : text)
      .replace(this.#blankLinesBefore, '')
      .replace(LAST_LINE_END, '');
    const { cells, isWhole } = quotedCells(bare, this.#delimiter);
    if (isWhole) return fitting(cells, this.#maxBytes);
    // One of the parsers trims.
    const others = record.slice(cells.length).map((cell) => cell.trimStart());
    return wronglyQuoted(cells, others, this.#maxBytes);
  }

  #decide(): void {
    if (!this.#unsure) return;
    const { end, line } = this.#unsure;
    const ahead = this.#text.slice(end, end + QUOTE_REACH_BYTES);
    const quote = ahead.indexOf(QUOTE);
    if (quote >= 0 && !beginsCell(ahead, quote, this.#delimiter)) return this.#refuse(line);
    if (quote < 0 && ahead.length < QUOTE_REACH_BYTES && !this.#text.isWhole) return;
    this.#ready = this.#ready.concat(this.#held);
    this.#held = [];
    this.#unsure = undefined;
  }

  #refuse(line: number): void {
    this.#failure ??= new SourceError(
      'INVALID_QUOTES',
      `Text stands behind the closing quote of a cell in the record at line ${line}, and the quotes behind it do not tell where that record ends. Double each quote that belongs to the text of a quoted cell, as in "a 5"" nail".`,
    );
  }

  /** Of a record, by the parser's count of the blank lines before it. */
  #lineAfter(emptyLines: number): number {
    return this.#line + emptyLines - this.#blankLines + this.#blankRecords;
  }
}

interface Signs {
  readonly lineEnds: number;
  /**
   * A quote that does not close its cell is left in the text; of a NUL the parser thinks that the source ends behind
   * it.
   */
  readonly isDoubtful: boolean;
  /** A quote behind blanks begins a cell. */
  readonly isPassedOver: boolean;
}

/**
 * What the cells of a record show. The first character of a cell, and the search for a line end, are what most of them
 * cost.
 */
function signsIn(cells: readonly string[], hasNul: boolean): Signs {
  let lineEnds = 0;
  let isDoubtful = false;
  let isPassedOver = false;
  for (const cell of cells) {
    const first = cell.charCodeAt(0);
    if (first === QUOTE || (hasNul && cell.includes('\0'))) isDoubtful = true;
    else if (first <= SPACE || first >= NO_BREAK_SPACE) isPassedOver ||= cell.trimStart().charCodeAt(0) === QUOTE;
    if (LINE_END.test(cell)) lineEnds += cell.split(LINE_END).length - 1;
  }
  return { lineEnds, isDoubtful, isPassedOver };
}

const BYTE_ORDER_MARK = /^\uFEFF/;
const LAST_LINE_END = /(?:\r\n|\n|\r)$/;
const LINE_END = /\r\n|\n|\r/;

import type { Parser } from 'csv-parse';
import { SourceError, type SourceErrorCode } from '../errors.ts';
import { createParser, nextRecord, type ParsedRecord } from './csv-parser.ts';
import { fitCells, fitWronglyQuoted, type CellsRead } from './faults.ts';
import { beginsCell, readQuotedCells } from './quotes.ts';
import { RECORD_MAX_BYTES, RECORD_REACH_BYTES, type ReadFrom, type SourceRecord } from '../model/records.ts';
import { ParserInput } from './text/parser-input.ts';
import type { Transcoder } from './text/transcoder.ts';

export interface CsvSetting {
  readonly transcoder: Transcoder;
  readonly delimiter: string;
  /** The size of the largest record that can become a valid item. */
  readonly maxBytes: number;
}

/** How far after a row with wrong quotes the next quote is searched. */
const QUOTE_REACH_BYTES = RECORD_MAX_BYTES;

/** The parser looks ahead so far at most. Of these bytes it is unknown whether they belong to the next record. */
const LOOK_AHEAD_BYTES = 8;

const QUOTE = 0x22;
const SPACE = 0x20;
/** The first blank behind ASCII. */
const NO_BREAK_SPACE = 0xa0;

/**
 * Reads the records of a text with their positions.
 *
 * Lines are counted here, because csv-parse counts a CRLF inside quotes as two lines: one for the record, one for each
 * line end inside its cells, one for each blank line before it.
 *
 * csv-parse reads a quote after blanks as a part of a bare cell. At the first record with such a quote a second parser
 * takes over, which reads it as the beginning of a quoted cell. That parser drops the blanks of bare cells, so the
 * cells of its records are read again from the text.
 *
 * A row with wrong quotes gets a fault if it certainly ends with its line: its line end is not inside quotes, and the
 * next quote of the source begins a cell. Otherwise the rows after it may be a part of its text, and the source fails.
 * The row and those after it are held until that is decided.
 */
export class CsvRecords {
  readonly #transcoder: Transcoder;
  readonly #delimiter: string;
  readonly #maxBytes: number;
  readonly #isBeginning: boolean;
  readonly #blankLinesBefore: RegExp;
  #parser: Parser;
  #trims = false;
  /** The offset where the parser began. All offsets here count UTF-8. */
  #base = 0;
  /** The second parser must take over after the last record. */
  #mustRestart = false;
  /** The line and the offset after the last record. */
  #line: number;
  #end = 0;
  /** The parser's count of blank lines before the last record, and the blank lines since that it read as records. */
  #blankLines = 0;
  #blankRecords = 0;
  readonly #text = new ParserInput();
  #ready: SourceRecord[] = [];
  #held: SourceRecord[] = [];
  /** The row with wrong quotes whose end is not certain yet. */
  #unsure: { readonly end: number; readonly line: number } | undefined;
  #failure: SourceError | undefined;

  constructor(from: ReadFrom, { transcoder, delimiter, maxBytes }: CsvSetting) {
    this.#transcoder = transcoder;
    this.#delimiter = delimiter;
    this.#maxBytes = maxBytes;
    this.#line = from.line;
    this.#isBeginning = from.byteOffset === 0;
    this.#blankLinesBefore = new RegExp(String.raw`^(?:[^\S\r\n${delimiter}]*(?:\r\n|\n|\r))+`);
    this.#parser = createParser({ delimiter, bom: this.#isBeginning, ltrim: false });
  }

  get parser(): Parser {
    return this.#parser;
  }

  /** Notes the text that the parser gets next. */
  note(text: Uint8Array, isLast = false): void {
    this.#text.add(text, isLast, Math.min(this.#end, this.#unsure?.end ?? this.#end));
  }

  /** Takes the records that are complete and certain by now, up to a failure. */
  take(): readonly SourceRecord[] {
    for (let next = this.#read(); next !== null; next = this.#read()) this.#add(next);
    this.#decide();
    const taken = this.#ready;
    this.#ready = [];
    return taken;
  }

  /** Lets the second parser take over, if it must. Returns the text that it needs. */
  restart(): Uint8Array | undefined {
    if (!this.#mustRestart) return undefined;
    this.#parser.destroy();
    this.#parser = createParser({ delimiter: this.#delimiter, bom: this.#isBeginning && this.#end === 0, ltrim: true });
    this.#trims = true;
    this.#mustRestart = false;
    this.#base = this.#end;
    this.#blankLines = 0;
    this.#blankRecords = 0;
    return this.#text.slice(this.#end, Infinity);
  }

  /**
   * Fails if the record that the parser is reading is too long. Its input belongs to the records taken and to this one,
   * except the bytes by which it looks ahead.
   */
  checkLength(offset = this.#text.end - LOOK_AHEAD_BYTES, emptyLines = this.#parser.info.empty_lines): void {
    if (!this.takesMore || offset - this.#end <= RECORD_REACH_BYTES) return;
    this.#fail(
      'RECORD_TOO_LARGE',
      `The record at line ${this.#lineAfter(emptyLines)} is longer than ${RECORD_REACH_BYTES} bytes, including its line end and the blank lines before it. The usual reason is a quote that is never closed.`,
    );
  }

  /** Fails after an error of the parser, which with these settings has one cause. */
  failUnclosed(): void {
    this.#fail(
      'UNCLOSED_QUOTE',
      `The record at line ${this.#lineAfter(this.#parser.info.empty_lines)} opens a quote that is never closed. Close it, or double each quote that is meant literally.`,
    );
  }

  /**
   * Fails only if the second parser finds the fault too: the first one overlooks quotes after blanks, and may then read
   * a closing quote as an opening one.
   */
  #fail(code: SourceErrorCode, message: string): void {
    if (this.#trims) this.#failure ??= new SourceError(code, message);
    else this.#mustRestart = true;
  }

  /** Whether the parser can give more records. */
  get takesMore(): boolean {
    return this.#failure === undefined && !this.#mustRestart;
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
    // The parser's own offset is further: it has read behind this record.
    this.checkLength(end, info.empty_lines);
    if (!this.takesMore) return;
    if (this.#isBlank(record, end)) return void (this.#blankRecords += 1);
    const { lineEnds, isDoubtful, hasHiddenQuote } = inspect(record, this.#text.hasNul);
    if (!this.#trims && hasHiddenQuote) return void (this.#mustRestart = true);
    const line = this.#lineAfter(info.empty_lines);
    const { cells, fault } = this.#fit(record, isDoubtful, end);
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

  /** Whether a record is a line of blanks, which the second parser skips. */
  #isBlank(record: readonly string[], end: number): boolean {
    return record.length === 1 && record[0]!.trim() === '' && !this.#text.slice(this.#end, end).includes(QUOTE);
  }

  #fit(record: readonly string[], isDoubtful: boolean, end: number): CellsRead {
    if (this.#trims || isDoubtful) return this.#readAgain(record, end);
    return end - this.#end > this.#maxBytes ? fitCells(record, this.#maxBytes) : { cells: record };
  }

  #readAgain(record: readonly string[], end: number): CellsRead {
    const text = this.#text.slice(this.#end, end).toString('utf8');
    const bare = (this.#isBeginning && this.#end === 0 ? text.replace(BYTE_ORDER_MARK, '') : text)
      .replace(this.#blankLinesBefore, '')
      .replace(LAST_LINE_END, '');
    const { cells, isWhole } = readQuotedCells(bare, this.#delimiter);
    if (isWhole) return fitCells(cells, this.#maxBytes);
    // The second parser trims cells, so the first one's are trimmed too.
    const others = record.slice(cells.length).map((cell) => cell.trimStart());
    return fitWronglyQuoted(cells, others, this.#maxBytes);
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
      `The record at line ${line} has text after the closing quote of a cell, and the quotes after it do not show where the record ends. Double each quote inside a quoted cell, as in "a 5"" nail".`,
    );
  }

  /** The line of the next record, by the parser's count of blank lines before it. */
  #lineAfter(emptyLines: number): number {
    return this.#line + emptyLines - this.#blankLines + this.#blankRecords;
  }
}

interface Signs {
  readonly lineEnds: number;
  /** The parser may have read it wrongly: a cell begins with a quote, or has a NUL, after which the parser may stop. */
  readonly isDoubtful: boolean;
  /** A cell begins with a quote after blanks, which the first parser overlooks. */
  readonly hasHiddenQuote: boolean;
}

/**
 * Inspects the cells of a record. It runs for every cell, so most cells cost only a look at their first character and a
 * search for a line end.
 */
function inspect(cells: readonly string[], hasNul: boolean): Signs {
  let lineEnds = 0;
  let isDoubtful = false;
  let hasHiddenQuote = false;
  for (const cell of cells) {
    const first = cell.charCodeAt(0);
    if (first === QUOTE || (hasNul && cell.includes('\0'))) isDoubtful = true;
    else if (first <= SPACE || first >= NO_BREAK_SPACE) hasHiddenQuote ||= cell.trimStart().charCodeAt(0) === QUOTE;
    if (LINE_END.test(cell)) lineEnds += cell.split(LINE_END).length - 1;
  }
  return { lineEnds, isDoubtful, hasHiddenQuote };
}

const BYTE_ORDER_MARK = /^\uFEFF/;
const LAST_LINE_END = /(?:\r\n|\n|\r)$/;
const LINE_END = /\r\n|\n|\r/;

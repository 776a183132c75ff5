import type { InfoRecord, Parser } from 'csv-parse';
import { SourceError } from '../errors.ts';
import { fitting, wronglyQuoted, type CellsRead } from './faults.ts';
import { beginsCell, quotedCells } from './quotes.ts';
import { RECORD_MAX_BYTES, RECORD_REACH_BYTES, type ReadFrom, type SourceRecord } from './records.ts';
import { ShownText } from './shown-text.ts';
import type { Transcoder } from './transcoder.ts';

interface ParsedRecord {
  readonly record: string[];
  readonly info: InfoRecord;
}

export interface CsvSetting {
  readonly parser: Parser;
  readonly transcoder: Transcoder;
  readonly delimiter: string;
  /** Of a record that can become a valid item. */
  readonly maxBytes: number;
}

/** How far behind a row with wrong quotes the next quote is looked for, in bytes. */
const QUOTE_REACH_BYTES = RECORD_MAX_BYTES;

const QUOTE = 0x22;

/**
 * The records that a parser gives, with their places. csv-parse's own line count takes a CRLF inside quotes for two lines, so
 * lines are counted here: one for the record, one for each line end inside its cells, one for each blank line before it.
 *
 * A row whose quotes are wrong has a fault, if it is certain that it ends with its line: its line end does not stand between
 * quotes, and the next quote of the source begins a cell. Otherwise rows behind it may be text of it, and the source fails. The
 * row, and those behind it, are kept back until that is decided.
 */
export class CsvRecords {
  readonly #parser: Parser;
  readonly #transcoder: Transcoder;
  readonly #delimiter: string;
  readonly #maxBytes: number;
  /** After the last record. */
  #line: number;
  /** In the parser's UTF-8, as all offsets here. */
  #end = 0;
  #blankLines = 0;
  readonly #text = new ShownText();
  #ready: SourceRecord[] = [];
  #held: SourceRecord[] = [];
  /** The end of a row with wrong quotes of which it is not decided yet whether it is certain. */
  #unsure: { readonly end: number; readonly line: number } | undefined;
  #failure: SourceError | undefined;

  constructor(from: ReadFrom, { parser, transcoder, delimiter, maxBytes }: CsvSetting) {
    this.#parser = parser;
    this.#transcoder = transcoder;
    this.#delimiter = delimiter;
    this.#maxBytes = maxBytes;
    this.#line = from.line;
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

  /** What was read up to `offset` belongs to the records taken, and to one more. */
  bound(offset: number, emptyLines = this.#parser.info.empty_lines): void {
    if (offset - this.#end <= RECORD_REACH_BYTES) return;
    this.#failure ??= new SourceError(
      'RECORD_TOO_LARGE',
      `The record at line ${this.#lineAfter(emptyLines)} is longer than ${RECORD_REACH_BYTES} bytes, its line end and blank lines before it included. If it should not be, a quote that is never closed is the usual reason.`,
    );
  }

  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** @throws SourceError if the source cannot be read on */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  /** With the parser's settings there is one way for it to fail. */
  unclosedQuote(): SourceError {
    return new SourceError(
      'UNCLOSED_QUOTE',
      `The record at line ${this.#lineAfter(this.#parser.info.empty_lines)} opens a quote that is never closed. Close it, or double a quote that is meant literally.`,
    );
  }

  #read(): ParsedRecord | null {
    // csv-parse types what its stream gives as unknown; this is the shape that `info: true` gives it.
    return this.#failure ? null : (this.#parser.read() as ParsedRecord | null);
  }

  #add({ record, info }: ParsedRecord): void {
    this.#decide();
    // Not the parser's own count: that is further, by what it has read behind this record.
    this.bound(info.bytes, info.empty_lines);
    if (this.#failure) return;
    const begin = this.#end;
    const line = this.#lineAfter(info.empty_lines);
    const nextLine = line + 1 + lineEndsInside(record);
    const endOffset = this.#transcoder.sourceOffset(info.bytes);
    this.#blankLines = info.empty_lines;
    this.#line = nextLine;
    this.#end = info.bytes;
    const { cells, fault } = this.#cellsOf(record, begin);
    if (fault === 'INVALID_QUOTES') {
      if (nextLine > line + 1) return this.#refuse(line);
      this.#unsure = { end: this.#end, line };
    }
    const placed = { cells, line, endOffset, nextLine };
    (this.#unsure ? this.#held : this.#ready).push(fault ? { ...placed, fault } : placed);
  }

  #cellsOf(record: readonly string[], begin: number): CellsRead {
    if (this.#isDoubtful(record)) return this.#readAgain(record, begin);
    return this.#end - begin > this.#maxBytes ? fitting(record, this.#maxBytes) : { cells: record };
  }

  /** A quote that does not close its cell is left in the text; of a NUL the parser thinks that the source ends behind it. */
  #isDoubtful(record: readonly string[]): boolean {
    const { hasNul } = this.#text;
    for (const cell of record) if (cell.charCodeAt(0) === QUOTE || (hasNul && cell.includes('\0'))) return true;
    return false;
  }

  #readAgain(record: readonly string[], begin: number): CellsRead {
    const text = this.#text
      .slice(begin, this.#end)
      .toString('utf8')
      .replace(BLANK_LINES, '')
      .replace(LAST_LINE_END, '');
    const { cells, isWhole } = quotedCells(text, this.#delimiter);
    return isWhole ? fitting(cells, this.#maxBytes) : wronglyQuoted(record, cells.length, this.#maxBytes);
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
    return this.#line + emptyLines - this.#blankLines;
  }
}

const BLANK_LINES = /^(?:[^\S\r\n]*(?:\r\n|\n|\r))+/;
const LAST_LINE_END = /(?:\r\n|\n|\r)$/;
const LINE_END = /\r\n|\n|\r/;

function lineEndsInside(cells: readonly string[]): number {
  let count = 0;
  for (const cell of cells) {
    // The search for a line end is what most cells cost; the split is for the few that have one.
    if (LINE_END.test(cell)) count += cell.split(LINE_END).length - 1;
  }
  return count;
}

/**
 * Reads a text character by character, by the rules of docs/files.md. It shares no code with the reader that it checks.
 */
export interface OracleReading {
  /** The rows. The header is row 0. */
  readonly rows: readonly OracleRow[];
  /** Why the reading ends after these rows. */
  readonly failed?: 'INVALID_QUOTES' | 'UNCLOSED_QUOTE';
}

export interface OracleRow {
  /** The cells without blanks around them, or the fault of a row with wrong quotes. */
  readonly cells: readonly string[] | 'INVALID_QUOTES';
  readonly line: number;
}

/** Reads a text whose records are short. */
export function oracle(text: string, delimiter: string): OracleReading {
  const scanner = new Scanner(text.replace(/^\uFEFF/, '').replace(/\x1a+$/, ''), delimiter);
  const rows: OracleRow[] = [];
  while (scanner.hasRow()) {
    const row = scanner.row();
    if (typeof row === 'string') return { rows, failed: row };
    rows.push(row);
  }
  return { rows };
}

const QUOTE_REACH_BYTES = 65_536;
const isLineEnd = (character: string): boolean => character === '\n' || character === '\r';

class Scanner {
  readonly #text: string;
  readonly #delimiter: string;
  #at = 0;
  #line = 1;

  constructor(text: string, delimiter: string) {
    this.#text = text;
    this.#delimiter = delimiter;
  }

  /** Skips blank lines. Returns whether a row follows. */
  hasRow(): boolean {
    for (this.#skipBlanks(); isLineEnd(this.#next()); this.#skipBlanks()) this.#skipLineEnd();
    return this.#next() !== '';
  }

  row(): OracleRow | NonNullable<OracleReading['failed']> {
    const line = this.#line;
    const cells: string[] = [];
    let isWrong = false;
    do {
      if (cells.length > 0) this.#at += 1;
      const cell = this.#cell();
      if (cell === undefined) return 'UNCLOSED_QUOTE';
      isWrong ||= !cell.isRight;
      cells.push(cell.text.trim());
    } while (this.#next() === this.#delimiter);
    const isOneLine = this.#line === line;
    if (isLineEnd(this.#next())) this.#skipLineEnd();
    if (!isWrong) return { cells, line };
    return isOneLine && this.#quotesPairAgain() ? { cells: 'INVALID_QUOTES', line } : 'INVALID_QUOTES';
  }

  #cell(): { readonly text: string; readonly isRight: boolean } | undefined {
    this.#skipBlanks();
    if (this.#next() !== '"') return { text: this.#bare(), isRight: true };
    const text = this.#quoted();
    if (text === undefined) return undefined;
    this.#line += text.split(/\r\n|\r|\n/).length - 1;
    this.#skipBlanks();
    return { text, isRight: this.#bare() === '' };
  }

  #bare(): string {
    const begin = this.#at;
    while (!this.#isCellEnd()) this.#at += 1;
    return this.#text.slice(begin, this.#at);
  }

  /** Returns the text of a quoted cell. Undefined if it never ends. */
  #quoted(): string | undefined {
    let cell = '';
    for (this.#at += 1; this.#next() !== ''; this.#at += 1) {
      if (this.#next() !== '"') {
        cell += this.#next();
        continue;
      }
      this.#at += 1;
      if (this.#next() !== '"') return cell;
      cell += '"';
    }
    return undefined;
  }

  /** Whether the next quote, if one is near, begins a cell. */
  #quotesPairAgain(): boolean {
    const ahead = Buffer.from(this.#text.slice(this.#at)).subarray(0, QUOTE_REACH_BYTES).toString();
    if (!ahead.includes('"')) return true;
    const before = Array.from(ahead.slice(0, ahead.indexOf('"')));
    while (before.at(-1) !== this.#delimiter && /^[ \t]$/.test(before.at(-1) ?? '')) before.pop();
    const last = before.at(-1) ?? '\n';
    return last === this.#delimiter || isLineEnd(last);
  }

  #next(): string {
    return this.#text.charAt(this.#at);
  }

  #isCellEnd(): boolean {
    return this.#next() === '' || this.#next() === this.#delimiter || isLineEnd(this.#next());
  }

  #skipBlanks(): void {
    while (!this.#isCellEnd() && this.#next().trim() === '') this.#at += 1;
  }

  #skipLineEnd(): void {
    this.#at += this.#text.startsWith('\r\n', this.#at) ? 2 : 1;
    this.#line += 1;
  }
}

/** The input of a parser in UTF-8, kept from some position on. */
export class ParserInput {
  #text: Buffer = Buffer.alloc(0);
  #start = 0;
  #isWhole = false;
  #hasNul = false;

  /** Adds a piece, and drops the text before a position. */
  add(piece: Uint8Array, isLast: boolean, from: number): void {
    const added = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    const rest = this.#text.subarray(from - this.#start);
    this.#text = rest.length === 0 ? added : Buffer.concat([rest, added]);
    this.#start = from;
    this.#isWhole = isLast;
    this.#hasNul ||= added.includes(0);
  }

  /** Whether the last piece was added. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Whether a NUL was added, also before the kept text. */
  get hasNul(): boolean {
    return this.#hasNul;
  }

  /** The position behind the last piece. */
  get end(): number {
    return this.#start + this.#text.length;
  }

  slice(from: number, to: number): Buffer {
    return this.#text.subarray(from - this.#start, to - this.#start);
  }
}

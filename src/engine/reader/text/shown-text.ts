/** What a parser was given of a text in UTF-8, from some place on. */
export class ShownText {
  #text: Buffer = Buffer.alloc(0);
  #start = 0;
  #isWhole = false;
  #hasNul = false;

  /** Adds a piece, the last one or not, and lets go of what is before a place. */
  show(piece: Uint8Array, isLast: boolean, before: number): void {
    const added = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    const rest = this.#text.subarray(before - this.#start);
    this.#text = rest.length === 0 ? added : Buffer.concat([rest, added]);
    this.#start = before;
    this.#isWhole = isLast;
    this.#hasNul ||= added.includes(0);
  }

  /** The text ends with what was shown. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** A NUL was seen, be it before. */
  get hasNul(): boolean {
    return this.#hasNul;
  }

  /** The place behind what was shown. */
  get end(): number {
    return this.#start + this.#text.length;
  }

  slice(from: number, to: number): Buffer {
    return this.#text.subarray(from - this.#start, to - this.#start);
  }
}

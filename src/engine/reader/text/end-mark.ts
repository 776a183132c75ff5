/** Control-Z. DOS ended its texts with it, and some programs still do. */
const END_MARK = 0x1a;

/** The longest run of end marks. DOS filled a block with them, and a longer run is content. */
const HELD_MAX = 4_096;

/** Removes the end marks at the end of a text in UTF-8, which it takes piece by piece. */
export class EndMarkFilter {
  #held = 0;

  take(text: Uint8Array): Uint8Array {
    let end = text.length;
    while (end > 0 && text[end - 1] === END_MARK) end -= 1;
    if (end === 0 && this.#held + text.length <= HELD_MAX) {
      this.#held += text.length;
      return text.subarray(0, 0);
    }
    const before = this.#held;
    this.#held = text.length - end;
    if (this.#held > HELD_MAX) {
      this.#held = 0;
      end = text.length;
    }
    const rest = text.subarray(0, end);
    return before === 0 ? rest : Buffer.concat([Buffer.alloc(before, END_MARK), rest]);
  }
}

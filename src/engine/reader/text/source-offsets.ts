interface Mark {
  readonly decoded: number;
  readonly source: number;
}

/**
 * Where in a compressed source its decoded bytes come from. Between two places that are noted they are taken to be
 * spread evenly, so an offset of the one is always the same offset of the other, whoever asks.
 */
export class SourceOffsets {
  #before: Mark = { decoded: 0, source: 0 };
  /** Behind the last offset that was asked for. */
  #marks: Mark[] = [];

  /** So many decoded bytes come of so many bytes of the source; noted in order. */
  note(decoded: number, source: number): void {
    const last = this.#marks.at(-1) ?? this.#before;
    if (decoded > last.decoded) this.#marks.push({ decoded, source });
  }

  /** The offset in the source of a decoded one; each is asked for in order. */
  sourceOffset(decoded: number): number {
    while (this.#marks.length > 0 && this.#marks[0]!.decoded <= decoded) this.#before = this.#marks.shift()!;
    const [next] = this.#marks;
    if (!next) return this.#before.source;
    const part = (decoded - this.#before.decoded) / (next.decoded - this.#before.decoded);
    return this.#before.source + Math.floor(part * (next.source - this.#before.source));
  }
}

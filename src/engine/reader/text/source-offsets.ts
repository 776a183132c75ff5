interface Mark {
  readonly decoded: number;
  readonly source: number;
}

/**
 * Maps offsets in decoded bytes to offsets in the compressed source. Between two noted offsets the decoded bytes count
 * as spread evenly, so each fan-out maps an offset to the same one.
 */
export class SourceOffsets {
  #before: Mark = { decoded: 0, source: 0 };
  /** The notes after the last offset that was mapped. */
  #marks: Mark[] = [];

  /** Notes that so many bytes of the source decode to so many bytes. Notes are made in order. */
  note(decoded: number, source: number): void {
    const last = this.#marks.at(-1) ?? this.#before;
    if (decoded > last.decoded) this.#marks.push({ decoded, source });
  }

  /** Maps an offset. Offsets are mapped in order. */
  sourceOffset(decoded: number): number {
    while (this.#marks.length > 0 && this.#marks[0]!.decoded <= decoded) this.#before = this.#marks.shift()!;
    const [next] = this.#marks;
    if (!next) return this.#before.source;
    const part = (decoded - this.#before.decoded) / (next.decoded - this.#before.decoded);
    return this.#before.source + Math.floor(part * (next.source - this.#before.source));
  }
}

import { TextDecoder } from 'node:util';
import type { Encoding } from './source-format.ts';

/** Turns a source's bytes into UTF-8, and offsets in that back into offsets in the source. */
export interface Transcoder {
  decode(piece: Uint8Array): Uint8Array;
  /** What is left of a character that the source cuts off. */
  end(): Uint8Array;
  /** The place in the source of an offset in the UTF-8 so far; each is asked for in order. */
  sourceOffset(utf8Offset: number): number;
}

/** @param from where in the source decoding begins: its start, or the start of a record */
export const transcoderOf = (encoding: Encoding, from: number): Transcoder =>
  encoding === 'utf-8' ? new Utf8(from) : new FixedWidth(encoding, from);

class Utf8 implements Transcoder {
  readonly #from: number;

  constructor(from: number) {
    this.#from = from;
  }

  decode(piece: Uint8Array): Uint8Array {
    return piece;
  }

  end(): Uint8Array {
    return new Uint8Array();
  }

  sourceOffset(utf8Offset: number): number {
    return this.#from + utf8Offset;
  }
}

/** A byte-order mark; only a source that has one is read as UTF-16. */
const MARK_BYTES = 2;

/** Encodings whose characters are one or two units of the same width: the units of a stretch of UTF-8 can be counted. */
class FixedWidth implements Transcoder {
  readonly #decoder: TextDecoder;
  readonly #unitBytes: number;
  #skip: number;
  /** UTF-8 behind the last place that was asked for. */
  #rest: Buffer = Buffer.alloc(0);
  #utf8Offset = 0;
  #sourceOffset: number;
  /** All that was handed over, which no place can be behind. */
  #sourceEnd: number;

  constructor(encoding: Exclude<Encoding, 'utf-8'>, from: number) {
    this.#decoder = new TextDecoder(encoding, { ignoreBOM: true });
    this.#unitBytes = encoding === 'windows-1252' ? 1 : 2;
    this.#skip = from === 0 && this.#unitBytes === 2 ? MARK_BYTES : 0;
    this.#sourceOffset = from + this.#skip;
    this.#sourceEnd = from;
  }

  decode(piece: Uint8Array): Uint8Array {
    const skipped = Math.min(this.#skip, piece.length);
    this.#skip -= skipped;
    this.#sourceEnd += piece.length;
    return this.#keep(this.#decoder.decode(piece.subarray(skipped), { stream: true }));
  }

  end(): Uint8Array {
    return this.#keep(this.#decoder.decode());
  }

  sourceOffset(utf8Offset: number): number {
    const length = utf8Offset - this.#utf8Offset;
    this.#sourceOffset += this.#unitBytes * unitsOf(this.#rest.subarray(0, length));
    this.#rest = this.#rest.subarray(length);
    this.#utf8Offset = utf8Offset;
    return Math.min(this.#sourceOffset, this.#sourceEnd);
  }

  #keep(text: string): Uint8Array {
    const utf8 = Buffer.from(text);
    this.#rest = this.#rest.length === 0 ? utf8 : Buffer.concat([this.#rest, utf8]);
    return utf8;
  }
}

/** UTF-16 units of whole characters: one for each first byte of a character, two for the first of four. */
function unitsOf(utf8: Uint8Array): number {
  let units = 0;
  for (const byte of utf8) if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
  return units;
}

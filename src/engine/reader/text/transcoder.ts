import { TextDecoder } from 'node:util';
import type { Encoding } from '../../model/source-format.ts';

/** Decodes a source's bytes to UTF-8, and maps offsets in the UTF-8 back to offsets in the source. */
export interface Transcoder {
  decode(piece: Uint8Array): Uint8Array;
  /** Decodes the rest of a character that the end of the source cuts off. */
  end(): Uint8Array;
  /** Maps an offset in the UTF-8 so far to one in the source. Offsets are mapped in order. */
  sourceOffset(utf8Offset: number): number;
}

/** @param from the offset in the source where decoding begins: its start, or the start of a record */
export function createTranscoder(encoding: Encoding, from: number): Transcoder {
  if (encoding === 'utf-8') return new Utf8(from);
  return isMultiByte(encoding) ? new ByLine(encoding, from) : new FixedWidth(encoding, from);
}

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

/**
 * Decodes encodings whose characters are one or two units of the same width. The units behind a stretch of UTF-8 can be
 * counted.
 */
class FixedWidth implements Transcoder {
  readonly #decoder: TextDecoder;
  readonly #unitBytes: number;
  /** The UTF-8 after the last offset that was mapped. */
  #rest: Buffer = Buffer.alloc(0);
  #utf8Offset = 0;
  #sourceOffset: number;
  /** The end of the bytes so far, which no offset may exceed. */
  #sourceEnd: number;

  constructor(encoding: Exclude<Encoding, 'utf-8'>, from: number) {
    this.#decoder = new TextDecoder(encoding, { ignoreBOM: true });
    this.#unitBytes = encoding.startsWith('utf-16') ? 2 : 1;
    this.#sourceOffset = from;
    this.#sourceEnd = from;
  }

  decode(piece: Uint8Array): Uint8Array {
    this.#sourceEnd += piece.length;
    return this.#keep(this.#decoder.decode(piece, { stream: true }));
  }

  end(): Uint8Array {
    return this.#keep(this.#decoder.decode());
  }

  sourceOffset(utf8Offset: number): number {
    const length = utf8Offset - this.#utf8Offset;
    this.#sourceOffset += this.#unitBytes * countUnits(this.#rest.subarray(0, length));
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

/** Counts UTF-16 units of whole characters: one for each first byte of a character, two for the first of four. */
function countUnits(utf8: Uint8Array): number {
  let units = 0;
  for (const byte of utf8) if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
  return units;
}

const MULTI_BYTE: readonly Encoding[] = ['shift_jis', 'euc-jp', 'gb18030', 'big5', 'euc-kr'];

const isMultiByte = (encoding: Encoding): boolean => MULTI_BYTE.includes(encoding);

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** The position after a line end, in the UTF-8 and in the source. */
interface LineEnd {
  readonly utf8: number;
  readonly source: number;
}

/**
 * Decodes encodings whose characters have several bytes, of which only the first can be a line end. The length in the
 * source of a stretch of UTF-8 cannot be counted. So the positions after line ends are kept: a record ends at one of
 * them, or at the end of the source.
 */
class ByLine implements Transcoder {
  readonly #decoder: TextDecoder;
  /** The line ends after the last offset that was mapped. */
  #ends: LineEnd[] = [];
  #utf8 = 0;
  #source: number;

  constructor(encoding: Encoding, from: number) {
    this.#decoder = new TextDecoder(encoding, { ignoreBOM: true });
    this.#source = from;
  }

  decode(piece: Uint8Array): Uint8Array {
    const parts: Buffer[] = [];
    let first = 0;
    for (let at = 0; at < piece.length; at += 1) {
      if (piece[at] !== LINE_FEED && piece[at] !== CARRIAGE_RETURN) continue;
      parts.push(this.#take(this.#decoder.decode(piece.subarray(first, at + 1), { stream: true }), at + 1 - first));
      this.#ends.push({ utf8: this.#utf8, source: this.#source });
      first = at + 1;
    }
    parts.push(this.#take(this.#decoder.decode(piece.subarray(first), { stream: true }), piece.length - first));
    return Buffer.concat(parts);
  }

  end(): Uint8Array {
    return this.#take(this.#decoder.decode(), 0);
  }

  sourceOffset(utf8Offset: number): number {
    const next = this.#ends.findIndex(({ utf8 }) => utf8 >= utf8Offset);
    const end = this.#ends[next];
    if (!end) return this.#source;
    this.#ends.splice(0, next);
    return end.source;
  }

  #take(text: string, bytes: number): Buffer {
    const utf8 = Buffer.from(text);
    this.#utf8 += utf8.length;
    this.#source += bytes;
    return utf8;
  }
}

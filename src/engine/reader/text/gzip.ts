import { createGunzip } from 'node:zlib';
import { SourceError } from '../../errors.ts';
import { SourceOffsets } from './source-offsets.ts';

const MAGIC = [0x1f, 0x8b, 0x08] as const;
const PIECE_BYTES = 64 * 1024;

/**
 * A continuation decodes from the start again, within one invocation: that bounds what can be gone on with. A function
 * of 512 MB decodes about 100 MB a second.
 */
export const DECODED_MAX_BYTES = 1024 ** 3;

/** Tables of people come to 3 to 30, one row repeated to about 100; the format's own limit is 1,032. */
const RATIO_MAX = 200;
/** Decoded so far, a small source may have any ratio. */
const RATIO_FROM_BYTES = 1024 ** 2;

/** Whether a source begins as a gzip member does. */
export const isGzip = (sample: Uint8Array): boolean => MAGIC.every((byte, index) => sample[index] === byte);

/**
 * So much of a source is decoded at once, counted from its start: so what it decodes to, and the offsets that are
 * noted, are the same wherever its pieces end.
 */
const BLOCK_BYTES = 16 * 1024;

/**
 * Decodes a gzip source from its start, and gives what lies behind `fromByte` of the decoded bytes. The source has one
 * member or more; zeros between and behind them fill blocks of devices and are passed over, and nothing else may follow
 * a member. Before bytes are given, `offsets` knows where in the source they come from.
 * @throws SourceError DAMAGED_GZIP, DECODED_TOO_LARGE, COMPRESSION_RATIO_TOO_HIGH, and what the source itself fails
 * with
 */
export async function* gunzipped(
  bytes: AsyncIterable<Uint8Array>,
  fromByte: number,
  { maxBytes = DECODED_MAX_BYTES, offsets = new SourceOffsets() } = {},
): AsyncGenerator<Uint8Array> {
  const members = new Members();
  let [decoded, toJsonText] = [0, 0];
  try {
    for await (const block of blocksOf(bytes)) {
      const pieces = await members.decode(block);
      const before = decoded;
      decoded += pieces.reduce((sum, { length }) => sum + length, 0);
      toJsonText += block.length;
      bound(decoded, toJsonText, maxBytes);
      offsets.note(decoded, toJsonText);
      yield* behind(pieces, fromByte - before);
    }
    await members.end();
  } finally {
    members.close();
  }
}

/**
 * Decodes members one after the other. Node's decoder takes zeros behind a member for the end of all, and says nothing.
 */
class Members {
  #member: Member | undefined;

  /** What a block decodes to. */
  async decode(block: Uint8Array): Promise<readonly Uint8Array[]> {
    const pieces: Uint8Array[] = [];
    for (let rest = this.#within(block); rest.length > 0; rest = this.#within(rest)) {
      this.#member ??= new Member();
      const { output, taken } = await this.#member.decode(rest);
      pieces.push(...output);
      rest = rest.subarray(taken);
      if (this.#member.hasEnded) this.close();
    }
    return pieces;
  }

  /** @throws SourceError if the last one is not whole */
  async end(): Promise<void> {
    await this.#member?.end();
  }

  close(): void {
    this.#member?.close();
    this.#member = undefined;
  }

  #within(bytes: Uint8Array): Uint8Array {
    return this.#member ? bytes : withoutZeros(bytes);
  }
}

/** One member, or several that follow each other without zeros between them. */
class Member {
  readonly #gunzip = createGunzip({ chunkSize: PIECE_BYTES });
  #output: Buffer[] = [];
  #hasEnded = false;

  constructor() {
    this.#gunzip.on('data', (piece: Buffer) => this.#output.push(piece));
    this.#gunzip.once('end', () => (this.#hasEnded = true));
    // A failure is told where something is under way; without a listener it would end the process besides.
    this.#gunzip.on('error', () => undefined);
  }

  /** The decoder wants nothing of what follows. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** All that can be decoded by now, and how much of the block was needed for it. */
  async decode(block: Uint8Array): Promise<{ readonly output: readonly Uint8Array[]; readonly taken: number }> {
    const before = this.#gunzip.bytesWritten;
    await this.#done((done) => this.#gunzip.write(block, done));
    const output = this.#output;
    this.#output = [];
    return { output, taken: this.#hasEnded ? this.#gunzip.bytesWritten - before : block.length };
  }

  /** @throws SourceError if it is not whole */
  end(): Promise<void> {
    return this.#done(() => this.#gunzip.end());
  }

  close(): void {
    this.#gunzip.destroy();
  }

  async #done(start: (done: () => void) => void): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#gunzip.once('error', reject);
    // One that has ended, or has to, answers by that alone.
    this.#gunzip.once('end', resolve);
    start(resolve);
    try {
      await promise;
    } catch {
      // Its input is in memory, so a decoder has one way to fail.
      throw damaged();
    } finally {
      this.#gunzip.off('error', reject).off('end', resolve);
    }
  }
}

function withoutZeros(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? bytes.subarray(bytes.length) : bytes.subarray(first);
}

/** What lies behind so many bytes of the pieces. */
function* behind(pieces: readonly Uint8Array[], bytes: number): Generator<Uint8Array> {
  let skip = Math.max(0, bytes);
  for (const piece of pieces) {
    if (skip < piece.length) yield piece.subarray(skip);
    skip = Math.max(0, skip - piece.length);
  }
}

/** The bytes in blocks that all have one size, but for the last. */
async function* blocksOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array();
  for await (const piece of bytes) {
    let text = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    for (; text.length >= BLOCK_BYTES; text = text.subarray(BLOCK_BYTES)) yield text.subarray(0, BLOCK_BYTES);
    rest = text;
  }
  if (rest.length > 0) yield rest;
}

function bound(decoded: number, toJsonText: number, maxBytes: number): void {
  if (decoded > maxBytes) {
    throw new SourceError(
      'DECODED_TOO_LARGE',
      `The file decodes to more than ${maxBytes} bytes, which is the limit of a compressed one. Upload it uncompressed, or in parts.`,
    );
  }
  if (decoded > RATIO_FROM_BYTES && decoded > toJsonText * RATIO_MAX) {
    throw new SourceError(
      'COMPRESSION_RATIO_TOO_HIGH',
      `The file decodes to more than ${RATIO_MAX} times its size. If its rows are meant, upload it uncompressed.`,
    );
  }
}

const damaged = (): SourceError =>
  new SourceError(
    'DAMAGED_GZIP',
    'The file begins as gzip and cannot be decoded to its end: it is damaged or cut off, or something else follows it. Compress it again and upload it again.',
  );

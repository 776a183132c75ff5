import { createGunzip } from 'node:zlib';
import { SourceError } from '../../errors.ts';
import { SourceOffsets } from './source-offsets.ts';

const MAGIC = [0x1f, 0x8b, 0x08] as const;
const PIECE_BYTES = 64 * 1024;

/**
 * A continuation decodes the source from its start again, within one invocation. That bounds the size of a compressed
 * source. A function of 512 MB decodes about 100 MB a second.
 */
export const DECODED_MAX_BYTES = 1024 ** 3;

/** Tables that people make have compression ratios of 3 to 30, one repeated row about 100. The format allows 1,032. */
const RATIO_MAX = 200;
/** The ratio is checked once so many bytes are decoded: a small source may have any. */
const RATIO_FROM_BYTES = 1024 ** 2;

/** Whether a source begins as a gzip member does. */
export const isGzip = (sample: Uint8Array): boolean => MAGIC.every((byte, index) => sample[index] === byte);

/**
 * A source is decoded in blocks of this size, counted from its start. So the decoded pieces and the noted offsets are
 * the same, wherever the pieces of the source end.
 */
const BLOCK_BYTES = 16 * 1024;

/**
 * Decodes a gzip source from its start, and yields the decoded bytes from `fromByte` on. The source has one member or
 * more. Zeros after a member, with which devices fill their blocks, are skipped; nothing else may follow a member.
 * `offsets` notes the position of bytes in the source before they are yielded.
 * @throws SourceError DAMAGED_GZIP, DECODED_TOO_LARGE, COMPRESSION_RATIO_TOO_HIGH; the errors of the source itself
 */
export async function* gunzip(
  bytes: AsyncIterable<Uint8Array>,
  fromByte: number,
  { maxBytes = DECODED_MAX_BYTES, offsets = new SourceOffsets() } = {},
): AsyncGenerator<Uint8Array> {
  const members = new Members();
  let decoded = 0;
  let compressed = 0;
  try {
    for await (const block of readBlocks(bytes)) {
      const pieces = await members.decode(block);
      const before = decoded;
      decoded += pieces.reduce((sum, { length }) => sum + length, 0);
      compressed += block.length;
      checkSize(decoded, compressed, maxBytes);
      offsets.note(decoded, compressed);
      yield* skipBytes(pieces, fromByte - before);
    }
    await members.end();
  } finally {
    members.close();
  }
}

/**
 * Decodes members one after the other. Node's decoder stops silently at zeros after a member, even if another member
 * follows them.
 */
class Members {
  #member: Member | undefined;

  /** Decodes a block. */
  async decode(block: Uint8Array): Promise<readonly Uint8Array[]> {
    const pieces: Uint8Array[] = [];
    for (let rest = this.#skipFilling(block); rest.length > 0; rest = this.#skipFilling(rest)) {
      this.#member ??= new Member();
      const { output, taken } = await this.#member.decode(rest);
      pieces.push(...output);
      rest = rest.subarray(taken);
      if (this.#member.hasEnded) this.close();
    }
    return pieces;
  }

  /** @throws SourceError if the last member is incomplete */
  async end(): Promise<void> {
    await this.#member?.end();
  }

  close(): void {
    this.#member?.close();
    this.#member = undefined;
  }

  #skipFilling(bytes: Uint8Array): Uint8Array {
    return this.#member ? bytes : skipZeros(bytes);
  }
}

/** Decodes one member, or several without zeros between them. */
class Member {
  readonly #gunzip = createGunzip({ chunkSize: PIECE_BYTES });
  #output: Buffer[] = [];
  #hasEnded = false;

  constructor() {
    this.#gunzip.on('data', (piece: Buffer) => this.#output.push(piece));
    this.#gunzip.once('end', () => (this.#hasEnded = true));
    // `#done` gets the failure of what is under way. Without a listener the event would end the process.
    this.#gunzip.on('error', () => undefined);
  }

  /** Whether the decoder takes no more bytes. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Decodes a block, and says how many bytes of it were taken. */
  async decode(block: Uint8Array): Promise<{ readonly output: readonly Uint8Array[]; readonly taken: number }> {
    const before = this.#gunzip.bytesWritten;
    await this.#done((done) => this.#gunzip.write(block, done));
    const output = this.#output;
    this.#output = [];
    return { output, taken: this.#hasEnded ? this.#gunzip.bytesWritten - before : block.length };
  }

  /** @throws SourceError if the member is incomplete */
  end(): Promise<void> {
    return this.#done(() => this.#gunzip.end());
  }

  close(): void {
    this.#gunzip.destroy();
  }

  async #done(start: (done: () => void) => void): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#gunzip.once('error', reject);
    // A decoder that has ended emits `end`, and may never call back.
    this.#gunzip.once('end', resolve);
    start(resolve);
    try {
      await promise;
    } catch {
      // The input is in memory, so the decoder can fail only because it is damaged.
      throw damaged();
    } finally {
      this.#gunzip.off('error', reject).off('end', resolve);
    }
  }
}

function skipZeros(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? bytes.subarray(bytes.length) : bytes.subarray(first);
}

/** Skips so many bytes of the pieces. */
function* skipBytes(pieces: readonly Uint8Array[], bytes: number): Generator<Uint8Array> {
  let skip = Math.max(0, bytes);
  for (const piece of pieces) {
    if (skip < piece.length) yield piece.subarray(skip);
    skip = Math.max(0, skip - piece.length);
  }
}

/** Cuts bytes into blocks of one size. The last one may be smaller. */
async function* readBlocks(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array();
  for await (const piece of bytes) {
    let text = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    for (; text.length >= BLOCK_BYTES; text = text.subarray(BLOCK_BYTES)) yield text.subarray(0, BLOCK_BYTES);
    rest = text;
  }
  if (rest.length > 0) yield rest;
}

function checkSize(decoded: number, compressed: number, maxBytes: number): void {
  if (decoded > maxBytes) {
    throw new SourceError(
      'DECODED_TOO_LARGE',
      `The file decodes to more than ${maxBytes} bytes, the limit of a compressed file. Upload it uncompressed, or split it into several files.`,
    );
  }
  if (decoded > RATIO_FROM_BYTES && decoded > compressed * RATIO_MAX) {
    throw new SourceError(
      'COMPRESSION_RATIO_TOO_HIGH',
      `The file decodes to more than ${RATIO_MAX} times its size. If that is intended, upload it uncompressed.`,
    );
  }
}

const damaged = (): SourceError =>
  new SourceError(
    'DAMAGED_GZIP',
    'The file begins as gzip and cannot be decoded to its end: it is damaged or cut off, or other bytes follow it. Compress it again and upload it again.',
  );

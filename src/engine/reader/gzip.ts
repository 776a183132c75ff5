import { Readable, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SourceError } from '../errors.ts';

const MAGIC = [0x1f, 0x8b, 0x08] as const;
const PIECE_BYTES = 64 * 1024;

/**
 * A continuation decodes from the start again, within one invocation: that bounds what can be gone on with. A function of
 * 512 MB decodes about 100 MB a second.
 */
export const DECODED_MAX_BYTES = 1024 ** 3;

/** Tables of people come to 3 to 30, one row repeated to about 100; the format's own limit is 1,032. */
const RATIO_MAX = 200;
/** Decoded so far, a small source may have any ratio. */
const RATIO_FROM_BYTES = 1024 ** 2;

/** Whether a source begins as a gzip member does. */
export const isGzip = (sample: Uint8Array): boolean => MAGIC.every((byte, index) => sample[index] === byte);

/** A gzip member ends with its decoded size, modulo 2^32. Of several members only the last one's is told. */
export const TRAILER_BYTES = 4;

/** Room for a header, a trailer and a file name. */
const OVERHEAD_BYTES = 1024;

/**
 * The decoded size that the source claims, or 0 if that size is impossible. A source that was cut off ends with arbitrary bytes,
 * and the last of several members claims too little.
 */
export function claimedSize(trailer: Uint8Array, encodedBytes: number): number {
  const claimed = trailer.length < TRAILER_BYTES ? 0 : Buffer.from(trailer.subarray(-TRAILER_BYTES)).readUInt32LE();
  const most = Math.min(DECODED_MAX_BYTES, Math.max(RATIO_FROM_BYTES, encodedBytes * RATIO_MAX));
  return claimed >= encodedBytes - OVERHEAD_BYTES && claimed <= most ? claimed : 0;
}

/**
 * Decodes a gzip source of one or more members from its start, and gives what lies behind `fromByte` of the decoded bytes.
 * @throws SourceError DAMAGED_GZIP, DECODED_TOO_LARGE, COMPRESSION_RATIO_TOO_HIGH, and what the source itself fails with
 */
export async function* gunzipped(
  bytes: AsyncIterable<Uint8Array>,
  fromByte: number,
  maxBytes = DECODED_MAX_BYTES,
): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: PIECE_BYTES });
  // A failure of either end is told by the iteration below.
  pipeline(Readable.from(bytes), gunzip, () => undefined);
  let decoded = 0;
  try {
    for await (const piece of gunzip as AsyncIterable<Uint8Array>) {
      const skipped = Math.min(piece.length, Math.max(0, fromByte - decoded));
      decoded += piece.length;
      // What the decoder has consumed, not what was read ahead: a small bomb is read whole before its first row.
      bound(decoded, gunzip.bytesWritten, maxBytes);
      if (skipped < piece.length) yield piece.subarray(skipped);
    }
  } catch (error) {
    throw isDamage(error) ? damaged() : error;
  } finally {
    gunzip.destroy();
  }
}

function bound(decoded: number, encoded: number, maxBytes: number): void {
  if (decoded > maxBytes) {
    throw new SourceError(
      'DECODED_TOO_LARGE',
      `The file decodes to more than ${maxBytes} bytes, which is the limit of a compressed one. Upload it uncompressed, or in parts.`,
    );
  }
  if (decoded > RATIO_FROM_BYTES && decoded > encoded * RATIO_MAX) {
    throw new SourceError(
      'COMPRESSION_RATIO_TOO_HIGH',
      `The file decodes to more than ${RATIO_MAX} times its size. If its rows are meant, upload it uncompressed.`,
    );
  }
}

/** Errors of zlib have codes such as Z_DATA_ERROR, and Z_BUF_ERROR for an end that comes too early. */
const isDamage = (error: unknown): boolean => String((error as { code?: unknown } | undefined)?.code).startsWith('Z_');

const damaged = (): SourceError =>
  new SourceError(
    'DAMAGED_GZIP',
    'The file begins as gzip and cannot be decoded to its end: it is damaged or cut off. Compress it again and upload it again.',
  );

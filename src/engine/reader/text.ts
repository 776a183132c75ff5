import { TextDecoder } from 'node:util';
import { SourceError } from '../errors.ts';

/** How much of a source decides whether it is text. */
const SAMPLE_BYTES = 64 * 1024;

/**
 * Passes a source through, refusing it before its first record is read if its first 64 KiB are not UTF-8 text: a NUL byte or
 * an invalid sequence.
 */
export async function* refuseBinary(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let checked = 0;
  for await (const piece of bytes) {
    if (checked < SAMPLE_BYTES) {
      const sample = piece.subarray(0, SAMPLE_BYTES - checked);
      checked += sample.length;
      check(decoder, sample);
    }
    yield piece;
  }
}

function check(decoder: TextDecoder, sample: Uint8Array): void {
  if (sample.includes(0)) throw notText('a NUL byte');
  try {
    decoder.decode(sample, { stream: true });
  } catch (error) {
    if (error instanceof TypeError) throw notText('bytes that are not UTF-8');
    throw error;
  }
}

const notText = (found: string): SourceError =>
  new SourceError(
    'NOT_TEXT',
    `The file begins with ${found}; it must be CSV text in UTF-8. Save it as "CSV UTF-8" and upload it again.`,
  );

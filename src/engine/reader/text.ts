import { TextDecoder } from 'node:util';
import { SourceError } from '../errors.ts';

/** How much of a source decides whether it is text. */
const SAMPLE_BYTES = 64 * 1024;

/**
 * Passes a source through, refusing it before its first record is read if its first 64 KiB are not UTF-8 text: a NUL byte or
 * an invalid sequence. Nothing is handed on before they are checked, so the verdict does not depend on how the bytes arrive.
 */
export async function* refuseBinary(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const held: Uint8Array[] = [];
  let checked = 0;
  for await (const piece of bytes) {
    const sample = piece.subarray(0, SAMPLE_BYTES - checked);
    check(decoder, sample);
    checked += sample.length;
    held.push(piece);
    if (checked === SAMPLE_BYTES) yield* held.splice(0);
  }
  yield* held;
}

function check(decoder: TextDecoder, sample: Uint8Array): void {
  if (sample.includes(0)) throw notText('a NUL byte');
  try {
    decoder.decode(sample, { stream: true });
  } catch {
    // A fatal decoder has one way to fail.
    throw notText('bytes that are not UTF-8');
  }
}

const notText = (found: string): SourceError =>
  new SourceError(
    'NOT_TEXT',
    `The file begins with ${found}; it must be CSV text in UTF-8. Save it as "CSV UTF-8" and upload it again.`,
  );

import { TextDecoder } from 'node:util';
import { SourceError } from '../errors.ts';
import type { Encoding } from './source-format.ts';

/** It begins as the mark of UTF-16 does, and a text in UTF-16 has no NUL behind that. */
const UTF_32_LE_MARK = [0xff, 0xfe, 0, 0];

/**
 * The encoding of a text by its beginning: what its byte-order mark says; else UTF-8, if it is; else, without a NUL byte,
 * Windows-1252, in which every byte is a character.
 * @throws SourceError NOT_TEXT
 */
export function encodingOf(sample: Uint8Array): Encoding {
  if (UTF_32_LE_MARK.every((byte, index) => sample[index] === byte)) throw notText();
  if (sample[0] === 0xff && sample[1] === 0xfe) return 'utf-16le';
  if (sample[0] === 0xfe && sample[1] === 0xff) return 'utf-16be';
  if (sample.includes(0)) throw notText();
  return isUtf8(sample) ? 'utf-8' : 'windows-1252';
}

/** A character that the end of the sample cuts in two is none that is wrong. */
function isUtf8(sample: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true });
    return true;
  } catch {
    // A fatal decoder has one way to fail.
    return false;
  }
}

const notText = (): SourceError =>
  new SourceError(
    'NOT_TEXT',
    'The file has a NUL byte near its beginning, and no byte-order mark of UTF-16; it must be text in UTF-8, UTF-16 or Windows-1252. Save it as "CSV UTF-8" and upload it again.',
  );

import type { Column } from '../definition.ts';
import { SourceError } from '../errors.ts';
import { readCsv } from './csv.ts';
import { knowsHeader } from './header.ts';
import { RECORD_MAX_BYTES, type SourceRecord } from './records.ts';
import { DELIMITERS, type SourceFormat } from './source-format.ts';
import { encodingOf } from './text.ts';

/** A header that fits the bound is in it whole, with its line end. */
const SAMPLE_BYTES = RECORD_MAX_BYTES + 2;

export interface Detected {
  readonly format: SourceFormat;
  /** The header; absent if the source has no record. */
  readonly first?: SourceRecord;
}

/**
 * Decides from the beginning of a source how it is written. The delimiter is the first one by which the header names the
 * required columns; if none does, the one that gives the most cells.
 * @throws SourceError NOT_TEXT, RECORD_TOO_LARGE, UNCLOSED_QUOTE
 */
export async function detectFormat(bytes: AsyncIterable<Uint8Array>, columns: readonly Column[]): Promise<Detected> {
  const sample = await beginningOf(bytes);
  const encoding = encodingOf(sample);
  const candidates: Detected[] = [];
  let failure: SourceError | undefined;
  for (const delimiter of DELIMITERS) {
    const format = { encoding, delimiter };
    try {
      const first = await firstRecord(sample, format);
      const detected = { format, ...(first && { first }) };
      if (first && knowsHeader(first.cells, columns)) return detected;
      candidates.push(detected);
    } catch (error) {
      // By another delimiter it may be readable: a quote counts only where a cell begins.
      if (!(error instanceof SourceError)) throw error;
      failure ??= error;
    }
  }
  const widest = candidates.toSorted((a, b) => (b.first?.cells.length ?? 0) - (a.first?.cells.length ?? 0))[0];
  if (!widest || failure) throw failure!;
  return widest;
}

async function beginningOf(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytes) {
    pieces.push(piece);
    length += piece.length;
    if (length >= SAMPLE_BYTES) break;
  }
  return Buffer.concat(pieces).subarray(0, SAMPLE_BYTES);
}

async function firstRecord(sample: Uint8Array, format: SourceFormat): Promise<SourceRecord | undefined> {
  const pieces = (async function* once() {
    yield sample;
  })();
  for await (const [first] of readCsv(pieces, { byteOffset: 0, line: 1 }, format)) return first;
  return undefined;
}

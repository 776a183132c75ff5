import type { Column } from '../definition.ts';
import { pinnedSource, type Job, type PinnedSource } from '../model/job.ts';
import { readManifest } from './manifest.ts';
import type { Sources } from '../ports/source.ts';
import { readCsv } from './csv.ts';
import { beginningOf, detectFormat, type Detected } from './format.ts';
import { gunzip, isGzip } from './text/gzip.ts';
import { readJsonLines } from './json-lines.ts';
import {
  FIX_RECORD_MAX_BYTES,
  RECORD_MAX_BYTES,
  type ReadFrom,
  type ReadRecords,
  type SourceRecord,
} from '../model/records.ts';
import { isFixFile } from './fix-file.ts';
import { SourceOffsets } from './text/source-offsets.ts';
import type { ReadOptions, SourceFormat } from '../model/source-format.ts';

/** How many rows show whether the file was uploaded before. */
const FIRST_ROWS = 1_000;

/** The reader stops soon after the first rows. */
const PIECE_BYTES = 16 * 1024;

export interface DetectedSource extends Detected {
  /** The cells of the first rows. The last one may be cut off. */
  readonly firstRows: readonly (readonly string[])[];
}

/** Detects from the beginning of a source how it is written. A compressed one is decoded first. */
export async function detectSource(
  sources: Sources,
  source: PinnedSource,
  columns: readonly Column[],
  options: ReadOptions = {},
): Promise<DetectedSource> {
  const beginning = await beginningOf(sources.open(source, 0));
  if (!isGzip(beginning)) return withFirstRows(beginning, await detectFormat(beginning, columns, options));
  const decoded = await beginningOf(gunzip(sources.open(source, 0), 0));
  const detected = await withFirstRows(decoded, await detectFormat(decoded, columns, options));
  return { ...detected, format: { ...detected.format, compression: 'gzip' } };
}

async function withFirstRows(beginning: Uint8Array, detected: Detected): Promise<DetectedSource> {
  const { format, header = [], dataStart } = detected;
  const read = createReader(format, header, dataStart);
  const rows: (readonly string[])[] = [];
  try {
    for await (const records of read(inPieces(beginning.subarray(dataStart.byteOffset)), dataStart)) {
      for (const { cells } of records) rows.push(cells);
      if (rows.length >= FIRST_ROWS) break;
    }
  } catch {
    // The beginning may end inside a quoted cell. What is really wrong with a record, the splitter reports when it gets
    // there: the rows before it are enough here.
  }
  return { ...detected, firstRows: rows.slice(0, FIRST_ROWS) };
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += PIECE_BYTES) yield bytes.subarray(start, start + PIECE_BYTES);
}

/** Makes the function that reads the records of an uncompressed source from a position on. */
const createReader =
  (format: SourceFormat, header: readonly string[], from: ReadFrom): ReadRecords =>
  (bytes) =>
    format.type === 'jsonl'
      ? readJsonLines(bytes, from, format)
      : readCsv(bytes, from, format, isFixFile(header) ? FIX_RECORD_MAX_BYTES : RECORD_MAX_BYTES);

/** Reads the records of a job's source from a position on, in the format of the job. */
export function readRecords(sources: Sources, job: Job, from: ReadFrom): AsyncIterable<readonly SourceRecord[]> {
  const source = pinnedSource(job);
  if (job.redriveOf) return readManifest(sources.open(source, from.byteOffset), from);
  const { format, header = [] } = job;
  const read = createReader(format, header, from);
  return format.compression
    ? readCompressed(sources.open(source, 0), from, read)
    : read(sources.open(source, from.byteOffset), from);
}

/** Reads the records of a compressed source, each with the number of compressed bytes that it takes. */
async function* readCompressed(
  bytes: AsyncIterable<Uint8Array>,
  from: ReadFrom,
  read: ReadRecords,
): AsyncGenerator<readonly SourceRecord[]> {
  const offsets = new SourceOffsets();
  const decoded = gunzip(bytes, from.byteOffset, { offsets });
  let end: number | undefined;
  for await (const records of read(decoded, from)) {
    end ??= offsets.sourceOffset(from.byteOffset);
    const placed: SourceRecord[] = [];
    for (const record of records) {
      const begin = end;
      end = offsets.sourceOffset(record.endOffset);
      placed.push({ ...record, sourceBytes: end - begin });
    }
    yield placed;
  }
}

import type { Column } from '../definition.ts';
import { SourceError } from '../errors.ts';
import { pinnedSource, type Job, type PinnedSource } from '../model/job.ts';
import { readManifest } from './manifest.ts';
import type { Sources } from '../ports/source.ts';
import { readCsv } from './csv.ts';
import { beginningOf, detectFormat, type Detected } from './format.ts';
import { gunzipped, isGzip } from './text/gzip.ts';
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

/** So many rows tell whether a file came before. */
const FIRST_ROWS = 1_000;

export interface DetectedSource extends Detected {
  /** Cells of the first rows; the last one may be cut off. */
  readonly firstRows: readonly (readonly string[])[];
}

/** How a source is written, from its beginning; of a compressed one, how what it decodes to is. */
export async function detectSource(
  sources: Sources,
  source: PinnedSource,
  columns: readonly Column[],
  options: ReadOptions = {},
): Promise<DetectedSource> {
  const beginning = await beginningOf(sources.open(source, 0));
  if (!isGzip(beginning)) return withFirstRows(beginning, await detectFormat(beginning, columns, options));
  const decoded = await beginningOf(gunzipped(sources.open(source, 0), 0));
  const detected = await withFirstRows(decoded, await detectFormat(decoded, columns, options));
  return { ...detected, format: { ...detected.format, compression: 'gzip' } };
}

async function withFirstRows(beginning: Uint8Array, detected: Detected): Promise<DetectedSource> {
  const { format, header = [], dataStart } = detected;
  const read = reader(format, header, dataStart);
  const rows: (readonly string[])[] = [];
  try {
    for await (const records of read(only(beginning.subarray(dataStart.byteOffset)), dataStart)) {
      rows.push(...records.map(({ cells }) => cells));
    }
  } catch (error) {
    // The beginning may end inside a quoted cell; what is really wrong with a record, the splitter reports when it gets
    // there.
    if (!(error instanceof SourceError)) throw error;
  }
  return { ...detected, firstRows: rows.slice(0, FIRST_ROWS) };
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** How the records of a source are read from a place on, once it is uncompressed. */
const reader =
  (format: SourceFormat, header: readonly string[], from: ReadFrom): ReadRecords =>
  (bytes) =>
    format.type === 'jsonl'
      ? readJsonLines(bytes, from, format)
      : readCsv(bytes, from, format, isFixFile(header) ? FIX_RECORD_MAX_BYTES : RECORD_MAX_BYTES);

/** The records of a job's source from a place on, in the format that the job has. */
export function recordsOf(sources: Sources, job: Job, from: ReadFrom): AsyncIterable<readonly SourceRecord[]> {
  const source = pinnedSource(job);
  if (job.redriveOf) return readManifest(sources.open(source, from.byteOffset), from);
  const { format, header = [] } = job;
  const read = reader(format, header, from);
  return format.compression
    ? decodedRecords(sources.open(source, 0), from, read)
    : read(sources.open(source, from.byteOffset), from);
}

/** Each record of a compressed source accounts for the bytes of the source that it comes from. */
async function* decodedRecords(
  bytes: AsyncIterable<Uint8Array>,
  from: ReadFrom,
  read: ReadRecords,
): AsyncGenerator<readonly SourceRecord[]> {
  const offsets = new SourceOffsets();
  const decoded = gunzipped(bytes, from.byteOffset, { offsets });
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

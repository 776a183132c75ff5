import type { Column } from './definition.ts';
import { pinnedSource, type Job, type PinnedSource } from './job.ts';
import { readManifest } from './manifest.ts';
import type { Sources } from './ports/source.ts';
import { readCsv } from './reader/csv.ts';
import { beginningOf, detectFormat, type Detected } from './reader/format.ts';
import { claimedSize, gunzipped, isGzip, TRAILER_BYTES } from './reader/gzip.ts';
import { readJsonLines } from './reader/json-lines.ts';
import { FIX_FILE_BOUNDS, RECORD_BOUNDS, type ReadFrom, type SourceRecord } from './reader/records.ts';
import { isFixFile } from './reader/fix-file.ts';
import type { ReadOptions } from './reader/source-format.ts';

/** How a source is written, from its beginning; of a compressed one, how what it decodes to is. */
export async function detectSource(
  sources: Sources,
  source: PinnedSource,
  columns: readonly Column[],
  options: ReadOptions = {},
): Promise<Detected> {
  const beginning = await beginningOf(sources.open(source, 0));
  if (!isGzip(beginning)) return detectFormat(beginning, columns, options);
  const decoded = await beginningOf(gunzipped(sources.open(source, 0), 0));
  const { format, ...detected } = await detectFormat(decoded, columns, options);
  const trailer = await beginningOf(sources.open(source, Math.max(0, source.bytes - TRAILER_BYTES)));
  return { ...detected, format: { ...format, gzip: { claimedBytes: claimedSize(trailer, source.bytes) } } };
}

/** The records of a job's source from a place on, in the format that the job has. */
export function recordsOf(sources: Sources, job: Job, from: ReadFrom): AsyncIterable<readonly SourceRecord[]> {
  const source = pinnedSource(job);
  if (job.redriveOf) return readManifest(sources.open(source, from.byteOffset), from);
  const { format, header = [] } = job;
  const bytes = format.gzip
    ? gunzipped(sources.open(source, 0), from.byteOffset)
    : sources.open(source, from.byteOffset);
  if (format.type === 'jsonl') return readJsonLines(bytes, from, format);
  return readCsv(bytes, from, format, isFixFile(header) ? FIX_FILE_BOUNDS : RECORD_BOUNDS);
}

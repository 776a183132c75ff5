import { pinnedSource, type Job } from './job.ts';
import { readManifest } from './manifest.ts';
import type { Sources } from './ports/source.ts';
import { readCsv } from './reader/csv.ts';
import type { ReadFrom, SourceRecord } from './reader/records.ts';

/** The records of a job's source from a place on, in the format that the job has. */
export function recordsOf(sources: Sources, job: Job, from: ReadFrom): AsyncIterable<readonly SourceRecord[]> {
  const bytes = sources.open(pinnedSource(job), from.byteOffset);
  return job.redriveOf ? readManifest(bytes, from) : readCsv(bytes, from, job.format);
}

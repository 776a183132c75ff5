import { createHash } from 'node:crypto';
import { allDone } from '../all-done.ts';
import { isTerminal, type JobKey } from '../model/job.ts';
import type { Contents } from '../ports/contents.ts';
import type { Jobs } from '../ports/jobs.ts';

export interface EarlierJobPorts {
  readonly jobs: Jobs;
  readonly contents: Contents;
}

/** How many rows stand for a file: 16 notes cost as much as one small batch. */
const SKETCH_ROWS = 16;

/** Fewer rows than this are often the same by chance. */
const LEAST_ROWS = 10;

/** The share of a sketch that an earlier job must have brought, so that most rows are the same. */
const MOST = 0.75;

/**
 * The rows with the smallest digests (a bottom-k sketch): two files that share most rows share most of these, wherever
 * in the file the other rows stand.
 */
function sketchOf(rows: readonly (readonly string[])[]): readonly string[] {
  const digests = new Set(rows.map(digestOfRow));
  return digests.size < LEAST_ROWS ? [] : [...digests].toSorted().slice(0, SKETCH_ROWS);
}

/** Programs differ in the blanks around a cell, and in the empty cells at the end of a row. */
function digestOfRow(cells: readonly string[]): string {
  const trimmed = cells.map((cell) => cell.trim());
  const end = trimmed.findLastIndex((cell) => cell !== '') + 1;
  return createHash('sha256')
    .update(JSON.stringify(trimmed.slice(0, end)))
    .digest('base64url');
}

/**
 * The job that brought one of these contents before. A job that is gone, or that ended without a processed item, does
 * not count: nothing came of it.
 */
export async function findEarlierJob(
  { jobs, contents }: EarlierJobPorts,
  { tenant, jobId }: JobKey,
  digest: string,
): Promise<string | undefined> {
  const earlier = await contents.note(tenant, digest, jobId);
  return earlier === undefined || earlier === jobId ? undefined : withResult(jobs, tenant, earlier);
}

/** The job that brought most of these rows before, found by a sketch of them. */
export async function findSimilarJob(
  { jobs, contents }: EarlierJobPorts,
  { tenant, jobId }: JobKey,
  rows: readonly (readonly string[])[],
): Promise<string | undefined> {
  const sketch = sketchOf(rows);
  const earlier = await allDone(sketch.map((digest) => contents.note(tenant, digest, jobId)));
  const shares = Map.groupBy(earlier, (id) => id);
  const found = [...shares].find(([, ids]) => ids.length >= MOST * sketch.length)?.[0];
  return found === undefined || found === jobId ? undefined : withResult(jobs, tenant, found);
}

async function withResult(jobs: Jobs, tenant: string, jobId: string): Promise<string | undefined> {
  const job = await jobs.read({ tenant, jobId });
  return job && !(isTerminal(job) && job.succeeded === 0) ? jobId : undefined;
}

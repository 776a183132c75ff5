import { createHash } from 'node:crypto';
import { allDone } from '../all-done.ts';
import { isTerminal, type JobKey } from '../model/job.ts';
import type { Contents } from '../ports/contents.ts';
import type { Jobs } from '../ports/jobs.ts';

export interface EarlierJobPorts {
  readonly jobs: Jobs;
  readonly contents: Contents;
}

/** How many rows represent a file. Their notes cost as much as one small batch. */
const SKETCH_ROWS = 16;

/** Fewer rows than these are often the same by chance. */
const LEAST_ROWS = 10;

/** The share of a sketch that an earlier job must have noted, so that most rows are the same. */
const MOST = 0.75;

/**
 * Picks the rows with the smallest digests (a bottom-k sketch). Two files that share most rows share most of these,
 * wherever in the file the other rows are.
 */
function sketchRows(rows: readonly (readonly string[])[]): readonly string[] {
  const digests = new Set(rows.map(digestRow));
  return digests.size < LEAST_ROWS ? [] : [...digests].toSorted().slice(0, SKETCH_ROWS);
}

/** Ignores blanks around a cell and empty cells at the end of a row, in which programs differ. */
function digestRow(cells: readonly string[]): string {
  const trimmed = cells.map((cell) => cell.trim());
  const end = trimmed.findLastIndex((cell) => cell !== '') + 1;
  return createHash('sha256')
    .update(JSON.stringify(trimmed.slice(0, end)))
    .digest('base64url');
}

/**
 * Finds the latest job of the same bytes, and notes this one in its place. A job that is gone, or that ended without a
 * processed item, does not count: it has no result.
 */
export async function findEarlierJob(
  { jobs, contents }: EarlierJobPorts,
  { tenant, jobId }: JobKey,
  digest: string,
): Promise<string | undefined> {
  const earlier = await contents.note(tenant, digest, jobId);
  return earlier === undefined || earlier === jobId ? undefined : ifProcessed(jobs, tenant, earlier);
}

/** Finds an earlier job of most of these rows by a sketch of them, and notes this one in its place. */
export async function findSimilarJob(
  { jobs, contents }: EarlierJobPorts,
  { tenant, jobId }: JobKey,
  rows: readonly (readonly string[])[],
): Promise<string | undefined> {
  const sketch = sketchRows(rows);
  const earlier = await allDone(sketch.map((digest) => contents.note(tenant, digest, jobId)));
  const shares = Map.groupBy(earlier, (id) => id);
  const found = [...shares].find(([, ids]) => ids.length >= MOST * sketch.length)?.[0];
  return found === undefined || found === jobId ? undefined : ifProcessed(jobs, tenant, found);
}

/** Resolves to the id of a job, unless that is gone or ended without a processed item. */
async function ifProcessed(jobs: Jobs, tenant: string, jobId: string): Promise<string | undefined> {
  const job = await jobs.read({ tenant, jobId });
  return job && !(isTerminal(job) && job.succeeded === 0) ? jobId : undefined;
}

import { segmentKey, segmentOf, type JobKey } from '../model/job.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { Failures, Ledger } from '../ports/ledger.ts';
import { redriveKey } from '../stored-jobs.ts';
import type { SegmentRecord } from '../model/segment.ts';

/** Of some items of a recorded batch, those that count as succeeded, by the ledger's word. */
export async function succeededOf(
  failures: Failures,
  segment: SegmentRecord,
  batch: number,
  indexes: readonly number[],
): Promise<readonly number[]> {
  const reference = segment.failuresReferences.get(batch);
  if (reference === undefined) return indexes;
  for await (const stored of failures.list(segment, batch)) {
    if (stored.batch !== batch) break;
    if (stored.reference !== reference) continue;
    const brought = stored.imported && new Set(stored.imported);
    const refused = new Set(stored.failures.map(({ index }) => index));
    return indexes.filter((index) => brought?.has(index) ?? !refused.has(index));
  }
  // What the ledger refers to was stored before, and is never removed alone.
  return [];
}

export interface VoidPorts {
  readonly jobs: Pick<Jobs, 'read'>;
  readonly ledger: Ledger;
  readonly failures: Failures;
}

/** An item that a delivery of a batch has voided, in a run of a job: 0 is the first pass. */
export interface VoidedItem {
  readonly run: number;
  readonly batch: number;
  readonly index: number;
}

/**
 * Whether a void stands. One that a delivery wrote which then lost to another, and died before it could take it back,
 * does not: the ledger says that the item has succeeded. Until the batch is recorded a void stands.
 */
export async function judgeVoid(
  { jobs, ledger, failures }: VoidPorts,
  key: JobKey,
  { run, batch, index }: VoidedItem,
): Promise<boolean> {
  const job = await jobs.read(run === 0 ? key : redriveKey(key, run));
  if (!job) return true;
  const [segment] = await ledger.read([segmentKey(job, segmentOf(job.cut, batch))]);
  if (!segment?.batches.has(batch)) return true;
  return (await succeededOf(failures, segment, batch, [index])).length === 0;
}

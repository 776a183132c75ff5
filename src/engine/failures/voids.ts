import { segmentKey, segmentOf, type JobKey } from '../model/job.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { Failures, Ledger } from '../ports/ledger.ts';
import { redriveKey } from '../stored-jobs.ts';
import type { SegmentRecord } from '../model/segment.ts';

/** Selects the items of a recorded batch that the ledger counts as succeeded. */
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
    const imported = stored.imported && new Set(stored.imported);
    const refused = new Set(stored.failures.map(({ index }) => index));
    return indexes.filter((index) => imported?.has(index) ?? !refused.has(index));
  }
  // Not reached: failures are stored before the ledger refers to them, and never removed alone.
  return [];
}

export interface VoidPorts {
  readonly jobs: Pick<Jobs, 'read'>;
  readonly ledger: Ledger;
  readonly failures: Failures;
}

/** An item that a delivery of a batch has voided. Run 0 is the first pass. */
export interface VoidedItem {
  readonly run: number;
  readonly batch: number;
  readonly index: number;
}

/**
 * Decides whether a void holds. Until its batch is recorded it holds. Afterwards it holds unless the ledger counts the
 * item as succeeded: then another delivery recorded the batch, and the worker that voided the item died before it could
 * restore it.
 */
export async function voidHolds(
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

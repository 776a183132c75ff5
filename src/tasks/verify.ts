import * as z from 'zod';
import { cursorOf, type Verification } from '../contract/index.ts';
import {
  isTerminal,
  itemId,
  readFailuresUpTo,
  readProgress,
  type Clock,
  type Failures,
  type Job,
  type Jobs,
  type Ledger,
} from '../engine/index.ts';
import { stillRunning, taskFileNotFound } from './errors.ts';
import { rowOf } from './import.ts';
import type { Tasks } from './ports/tasks.ts';

export interface VerifyPorts {
  readonly jobs: Jobs;
  readonly ledger: Ledger;
  readonly failures: Failures;
  readonly tasks: Tasks;
  readonly clock: Clock;
}

/** Rows counted in one call: 10,000 keys, which a function reads well within its time. */
const ROWS_PER_CALL = 5_000;

/** Differences named in one answer; the rest is counted. */
const DIFFERENCES_NAMED = 100;

const index = z.int().min(0);
const place = cursorOf(
  z.strictObject({ item: index, failures: z.strictObject({ segment: index, batch: index, item: index }) }),
);

/**
 * Counts a part of an ended file anew: which rows are stored, which failed. Nothing that was counted before is trusted.
 * @throws TaskError TASK_FILE_NOT_FOUND, STILL_RUNNING; CursorError
 */
export async function verifyTaskFile(
  ports: VerifyPorts,
  tenant: string,
  id: string,
  cursor?: string,
): Promise<Verification> {
  const job = await ports.jobs.read({ tenant, jobId: id });
  if (!job) throw taskFileNotFound(id);
  if (!isTerminal(job)) throw stillRunning(id, job.status);
  const from = cursor === undefined ? { item: 0, failures: { segment: 0, batch: 0, item: 0 } } : place.decode(cursor);
  const progress = await readProgress(ports.ledger, job, ports.clock.now());
  const end = Math.min(progress.itemCount, from.item + ROWS_PER_CALL);
  const page = await readFailuresUpTo(ports, job, from.failures, end);
  const failed = new Set(page.failures.map((failure) => failure.index));
  const stored = await storedItems(ports.tasks, job, from.item, end);
  const differing = differencesOf(from.item, end, stored, failed, job);
  return {
    taskFileId: id,
    rows: end - from.item,
    stored: stored.size,
    failed: failed.size,
    differences: differing.slice(0, DIFFERENCES_NAMED),
    differing: differing.length,
    expected: {
      recordCount: progress.itemCount,
      processedCount: progress.succeeded,
      failedCount: progress.failed,
    },
    ...(end < progress.itemCount && {
      cursor: place.encode({ item: end, failures: page.next ?? { segment: LAST, batch: 0, item: end } }),
    }),
  };
}

/** A segment after every other: there are no more failures. */
const LAST = Number.MAX_SAFE_INTEGER;

/** Items whose row item is stored and not voided; a person may have deleted the task since. */
async function storedItems(
  tasks: Tasks,
  { tenant, jobId }: Job,
  from: number,
  end: number,
): Promise<ReadonlySet<number>> {
  const ids = Array.from({ length: end - from }, (_, offset) => itemId(jobId, from + offset));
  const found = await tasks.readMany(tenant, ids);
  return new Set(found.flatMap(({ item, edit }, offset) => (item && edit?.kind !== 'voided' ? [from + offset] : [])));
}

/** Rows of a completed file have one of both; of another, none is right too: they were never reached. */
function differencesOf(
  from: number,
  end: number,
  stored: ReadonlySet<number>,
  failed: ReadonlySet<number>,
  job: Job,
): Verification['differences'] {
  const mayLack = job.status !== 'COMPLETED';
  return Array.from({ length: end - from }, (_, offset) => from + offset).flatMap((item) => {
    const has = Number(stored.has(item)) + Number(failed.has(item));
    if (has === 1 || (has === 0 && mayLack)) return [];
    return [{ row: rowOf(item), difference: has === 0 ? ('NEITHER' as const) : ('BOTH' as const) }];
  });
}

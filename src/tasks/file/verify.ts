import { CursorError, type Verification } from '../../contract/index.ts';
import {
  allDone,
  isTerminal,
  itemId,
  failuresUpTo,
  firstFailure,
  readProgress,
  runsOf,
  type Clock,
  type Failures,
  type Job,
  type Jobs,
  type Ledger,
} from '../../engine/index.ts';
import { stillRunning } from '../errors.ts';
import { jobOrThrow } from './file-or-throw.ts';
import { failureCursor } from './failure-cursor.ts';
import { rowOf } from '../model/row-number.ts';
import { judged } from '../task/judged.ts';
import type { Tasks } from '../ports/tasks.ts';

export interface VerifyPorts {
  readonly jobs: Jobs;
  readonly ledger: Ledger;
  readonly failures: Failures;
  readonly tasks: Tasks;
  readonly clock: Clock;
}

/**
 * Rows counted in one call: 4,000 keys, of which a new table serves 12,000 a second and each of its four partitions
 * 3,000.
 */
const ROWS_PER_CALL = 2_000;

/** Differences named in one answer; the rest is counted. */
const DIFFERENCES_NAMED = 100;

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
  const job = await jobOrThrow(ports, tenant, id);
  if (!isTerminal(job)) throw stillRunning(id, job.status);
  const from = cursor === undefined ? firstFailure() : failureCursor.decode(cursor);
  const progress = await readProgress(ports.ledger, job, ports.clock.now());
  if (cursor !== undefined && from.item > progress.itemCount) throw new CursorError(cursor);
  const recovered = await recoveredIn(ports, job);
  const mostEnd = Math.min(progress.itemCount, from.item + ROWS_PER_CALL);
  const page = await failuresUpTo(ports, job, from, mostEnd);
  const end = Math.min(mostEnd, page.next.item);
  const stored = await storedItems(ports, job, from.item, end);
  const failed = new Set(page.failures.map((failure) => failure.index));
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
      processedCount: progress.succeeded + recovered,
      failedCount: progress.failed - recovered,
    },
    ...(end < progress.itemCount && { cursor: failureCursor.encode({ ...page.next, item: end }) }),
  };
}

/** Rows that had failed and that redrives have brought in. */
async function recoveredIn({ jobs, ledger, clock }: VerifyPorts, job: Job): Promise<number> {
  const runs = await runsOf(jobs, job);
  const ended = runs.filter((run) => isTerminal(run));
  if (job.redrive && ended.length < job.redrive.number) throw stillRunning(job.jobId, 'REDRIVING');
  const progress = await allDone(runs.map((run) => readProgress(ledger, run, clock.now())));
  return progress.reduce((sum, { succeeded }) => sum + succeeded, 0);
}

/** Items whose row item is stored and not voided; a person may have deleted the task since. */
async function storedItems(
  ports: VerifyPorts,
  { tenant, jobId }: Job,
  from: number,
  end: number,
): Promise<ReadonlySet<number>> {
  const ids = Array.from({ length: end - from }, (_, offset) => itemId(jobId, from + offset));
  const stored = await ports.tasks.readMany(tenant, ids);
  const found = await allDone(stored.map((one) => judged(ports, tenant, one)));
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

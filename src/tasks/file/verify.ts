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
import { readFileJob } from './read-file-job.ts';
import { failureCursor } from './failure-cursor.ts';
import { toRowNumber } from '../model/row-number.ts';
import { judgeVoid } from '../task/judge-void.ts';
import type { Tasks } from '../ports/tasks.ts';

export interface VerifyPorts {
  readonly jobs: Jobs;
  readonly ledger: Ledger;
  readonly failures: Failures;
  readonly tasks: Tasks;
  readonly clock: Clock;
}

/**
 * The rows that one call counts. They are 4,000 keys; a new table serves 12,000 keys a second, and each of its four
 * partitions 3,000.
 */
const ROWS_PER_CALL = 2_000;

/** The differences that one response names; it counts the others. */
const DIFFERENCES_NAMED = 100;

/**
 * Recounts a part of an ended file: which rows are stored, and which failed. It trusts no earlier count.
 * @throws TaskError TASK_FILE_NOT_FOUND, STILL_RUNNING; CursorError
 */
export async function verifyTaskFile(
  ports: VerifyPorts,
  tenant: string,
  id: string,
  cursor?: string,
): Promise<Verification> {
  const job = await readFileJob(ports, tenant, id);
  if (!isTerminal(job)) throw stillRunning(id, job.status);
  const from = cursor === undefined ? firstFailure() : failureCursor.decode(cursor);
  const progress = await readProgress(ports.ledger, job, ports.clock.now());
  if (cursor !== undefined && from.item > progress.itemCount) throw new CursorError(cursor);
  const recovered = await countRecovered(ports, job);
  const mostEnd = Math.min(progress.itemCount, from.item + ROWS_PER_CALL);
  const page = await failuresUpTo(ports, job, from, mostEnd);
  const end = Math.min(mostEnd, page.next.item);
  const stored = await readStoredItems(ports, job, from.item, end);
  const failed = new Set(page.failures.map((failure) => failure.index));
  const differing = findDifferences(from.item, end, stored, failed, job);
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

/** Counts the rows that failed in the first pass and that redrives have imported. */
async function countRecovered({ jobs, ledger, clock }: VerifyPorts, job: Job): Promise<number> {
  const runs = await runsOf(jobs, job);
  const ended = runs.filter((run) => isTerminal(run));
  if (job.redrive && ended.length < job.redrive.number) throw stillRunning(job.jobId, 'REDRIVING');
  const progress = await allDone(runs.map((run) => readProgress(ledger, run, clock.now())));
  return progress.reduce((sum, { succeeded }) => sum + succeeded, 0);
}

/** Finds the items whose row item is stored and not voided, even if a caller has deleted the task since. */
async function readStoredItems(
  ports: VerifyPorts,
  { tenant, jobId }: Job,
  from: number,
  end: number,
): Promise<ReadonlySet<number>> {
  const ids = Array.from({ length: end - from }, (_, offset) => itemId(jobId, from + offset));
  const stored = await ports.tasks.readMany(tenant, ids);
  const found = await allDone(stored.map((one) => judgeVoid(ports, tenant, one)));
  return new Set(found.flatMap(({ item, edit }, offset) => (item && edit?.kind !== 'voided' ? [from + offset] : [])));
}

/**
 * A row must have a task or a failure, not both. A file that is not COMPLETED may have rows that were never reached.
 */
function findDifferences(
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
    return [{ row: toRowNumber(item), difference: has === 0 ? ('NEITHER' as const) : ('BOTH' as const) }];
  });
}

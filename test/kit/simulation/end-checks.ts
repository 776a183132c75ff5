import { DEADLY_TRIES, type ItemFailure, type Job } from '../../../src/engine/index.ts';
import { toVisibleTask, type StoredTask } from '../../../src/tasks/index.ts';
import { titleOf } from './file.ts';
import type { History, Remains, RunRemains } from './history.ts';

export const TERMINAL: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'CANCELLED']);

/** Faults after which the service cannot know of a version that was replaced: its event was lost. */
const EVENT_LOSSES = ['lose', 'loseEvent'];

/** Returns what is wrong with the end of a file. */
export function endOf(file: Remains, history: History): string[] {
  const { job, target } = file;
  const isUnknown = target.isReplaced && EVENT_LOSSES.some((fault) => fault in history.struck);
  if (!job) return isUnknown ? [] : ['L1: the object has no job'];
  if (!TERMINAL.has(job.status)) return [`L3: the job is ${job.status}`];
  const reason = reasonProblem(file, history);
  return [...(reason === undefined ? [] : [reason]), ...rowsOf(file, history)];
}

const isIntolerable = ({ target: { tolerance = {} }, job }: Remains): boolean => {
  const { failed = 0, succeeded = 0 } = job ?? {};
  const { failedCount = Infinity, failedPercent = 100 } = tolerance;
  return failed > failedCount || failed * 100 > failedPercent * (failed + succeeded);
};

/** S6, S9, L2: a job ends only for a reason. */
function reasonProblem(file: Remains, history: History): string | undefined {
  const { job, target } = file;
  if (job?.status === 'CANCELLED')
    return target.isCancelled ? undefined : 'S6: cancelled, though no caller asked for it';
  if (job?.status === 'FAILED') return failureProblem(file, history);
  if (target.defect !== undefined) return `S9: completed, though ${target.defect}`;
  return isIntolerable(file) ? `S6: completed with ${job?.failed} failures` : undefined;
}

function failureProblem(file: Remains, history: History): string | undefined {
  const { target } = file;
  const code = file.job?.failure?.code;
  if (code === 'TOO_MANY_FAILURES') return isIntolerable(file) ? undefined : 'L2: stopped at tolerable failures';
  if (wasSealed(file) && !isUnreadable(file, history)) return `L2: ${code} after the seal`;
  const hasReason = new Map([
    ['SPLIT_RETRIES_EXHAUSTED', file.job !== undefined && wasDeadly(file.job, history)],
    ['SOURCE_CHANGED', target.isReplaced],
    // Its request died before the object was stored, and the caller did not repeat it in time.
    ['UPLOAD_EXPIRED', file.job?.source.etag === undefined],
    [target.defect, true],
  ]).get(code);
  return hasReason ? undefined : `L2: failed with ${code} for no reason`;
}

/** Whether workers died while they read the file in this attempt. An outage is no reason to fail. */
const wasDeadly = ({ jobId, attempt }: Job, { deaths }: History): boolean =>
  deaths.most(jobId, `split${attempt}`) >= DEADLY_TRIES;

const wasSealed = ({ sights }: Remains): boolean =>
  sights.some(({ job }) => job.seal !== undefined && !TERMINAL.has(job.status));

/** Whether the sweep cannot read what it would send again, and so cannot know whether it is still on its way. */
const isUnreadable = ({ job, target }: Remains, { hadSweep }: History): boolean =>
  job?.failure?.code === 'SOURCE_CHANGED' && target.isReplaced && hadSweep;

/** S1–S3, L2: each row has one outcome, and the visible tasks agree with it. */
function rowsOf(file: Remains, history: History): string[] {
  const { target, remaining } = file;
  const expected = expectedFailures(file);
  const reported = remaining.map(({ index, code }) => `${index} ${code}`).join(', ');
  const known = [...expected.values()].map(({ index, code }) => `${index} ${code}`).join(', ');
  return [
    ...target.rows.flatMap((_, index) => rowOf(file, index, expected.get(index), history)),
    ...(reported === known ? [] : [`S3: reported as failed: ${reported || 'nothing'}, not ${known || 'nothing'}`]),
    ...countsOf(file, history),
    ...file.runs.flatMap((run) => runOf(run, file, history)),
  ];
}

/** The failed rows, in order, each with the failure of the latest run that has an outcome for it. */
function expectedFailures({ failures, runs, stored }: Remains): ReadonlyMap<number, ItemFailure> {
  const byRow = new Map(failures.map((failure) => [failure.index, failure]));
  for (const { run, items, failures: again } of runs) {
    // Of a redrive that failed in the middle it is unknown which rows it processed. Their number is checked.
    const isDone = (index: number): boolean => run.status === 'COMPLETED' || isStored(stored[index]!);
    for (const index of items.filter(isDone)) byRow.delete(index);
    for (const failure of again) byRow.set(failure.index, failure);
  }
  return new Map([...byRow].toSorted(([a], [b]) => a - b));
}

/** L3, S3: a redrive ends too, with an outcome for each of its rows. */
function runOf({ run, progress, items, failures }: RunRemains, { runs }: Remains, history: History): string[] {
  const { succeeded, failed } = progress;
  const mayFail = run.failure?.code === 'SPLIT_RETRIES_EXHAUSTED' && wasDeadly(run, history);
  if (run.status === 'FAILED' && mayFail) return [];
  const isBroken: Readonly<Record<string, boolean>> = {
    ['L2: a redrive had no room for all rows, and none took the rest']:
      run.redriveOf?.restFrom !== undefined && runs.length === run.redriveOf.number,
    [`L3: redrive ${run.redriveOf?.number} is ${run.status}`]: run.status !== 'COMPLETED',
    [`S3: redrive ${run.redriveOf?.number} counts ${succeeded} + ${failed} of ${items.length} rows`]:
      succeeded + failed !== items.length || failures.length !== failed,
  };
  return Object.keys(isBroken).filter((line) => isBroken[line]);
}

function countsOf({ job, failures, runs, stored, target, progress }: Remains, history: History): string[] {
  const { itemCount, succeeded: first, failed } = progress ?? { itemCount: 0, succeeded: 0, failed: 0 };
  const succeeded = runs.reduce((sum, run) => sum + run.progress.succeeded, first);
  const shown = stored.filter(isStored).length;
  const isCompleted = job?.status === 'COMPLETED';
  // Rows that were stored for a job that was stopped count once their message comes again, but not if it is lost.
  const shownMax = isCompleted || !('lose' in history.struck) ? succeeded : target.rows.length;
  const isBroken: Readonly<Record<string, boolean>> = {
    [`S3: ${failed} failures are counted, ${failures.length} are stored`]: failures.length !== failed,
    [`S3: ${succeeded} rows are counted as succeeded, ${shown} are stored`]: shown < succeeded || shown > shownMax,
    [`L2: ${first} + ${failed} of ${itemCount} rows`]: isCompleted && first + failed !== target.rows.length,
    ['S3: a row has two failures']: new Set(failures.map(({ index }) => index)).size !== failures.length,
  };
  return Object.keys(isBroken).filter((line) => isBroken[line]);
}

function rowOf(file: Remains, index: number, failure: ItemFailure | undefined, history: History): string[] {
  const row = file.target.rows[index]!;
  const task = file.stored[index]!;
  const { wanted, job } = file;
  const isBroken: Readonly<Record<string, boolean>> = {
    [`S2: the caller's edit of row ${index} is gone`]: wanted.has(index) && titleSeen(task) !== wanted.get(index),
    [`S1: row ${index} has other content`]: task.item !== undefined && task.item.content.title !== titleOf(row, index),
    [`S1: row ${index} is invalid and has a row item`]: row.form === 'blank' && task.item !== undefined,
    [`S3: row ${index} succeeded without a task`]: job?.status === 'COMPLETED' && !failure && !isStored(task),
    [`S3: row ${index} failed and has a task`]: failure !== undefined && titleSeen(task) !== undefined,
    [`L2: row ${index} failed with ${failure?.code}`]: failure !== undefined && !mayFail(file, failure, history),
  };
  return Object.keys(isBroken).filter((line) => isBroken[line]);
}

const titleSeen = (task: StoredTask): string | undefined => toVisibleTask(task)?.task.title;

const isStored = ({ item, edit }: StoredTask): boolean => item !== undefined && edit?.kind !== 'voided';

/** A row that breaks no rule fails only if its workers died. An outage is no reason, however long it lasts. */
function mayFail({ target, runs }: Remains, { code, index }: ItemFailure, history: History): boolean {
  const row = target.rows[index]!;
  const runIds = [target.jobId, ...runs.map(({ run }) => run.jobId)];
  if (code === 'RETRIES_EXHAUSTED') return runIds.some((id) => history.deaths.most(id, index) >= DEADLY_TRIES);
  if (code === 'OUTDATED') return history.hadDeployment && row.isOutdated;
  return row.form === 'blank';
}

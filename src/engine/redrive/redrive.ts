import { allDone } from '../all-done.ts';
import { toPlanContinuation, toReopenContinuation, toSplitContinuation } from '../model/continuation.ts';
import { isForGood, NotRedrivableError } from '../errors.ts';
import { isResumable, isTerminal, type Job, type JobKey } from '../model/job.ts';
import type { Clock } from '../ports/clock.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Announcer, Continuations } from '../ports/messaging.ts';
import { readProgress } from '../settle/progress.ts';
import { reopen } from './reopen.ts';
import { readJob, REDRIVES_MAX, redriveKey, runsOf } from '../stored-jobs.ts';
import { announceEnd } from '../settle/settle.ts';

export interface RedrivePorts {
  readonly jobs: Jobs;
  readonly ledger: Ledger;
  readonly announcer: Announcer;
  readonly continuations: Continuations;
  readonly clock: Clock;
}

/**
 * Asks for a redrive of a job that has ended: all failed items, or those that failed with certain codes, are processed
 * again in a run of its own. A job has one redrive at a time. One that failed before its source was read to the end is
 * resumed from its checkpoint instead. A repeated request sends the message again, in case it was lost, and changes
 * nothing.
 * @throws NotRedrivableError, UnknownJobError
 */
export async function redrive(ports: RedrivePorts, key: JobKey, codes?: readonly string[]): Promise<Job> {
  const job = await readJob(ports.jobs, key);
  if (isResumable(job) || wasResumed(job)) {
    if (codes) throw new NotRedrivableError(job.jobId, 'it resumes as a whole from where it failed; leave out codes');
    return resume(ports, job);
  }
  if (!isTerminal(job)) throw new NotRedrivableError(job.jobId, `it is ${job.status}; wait until it has ended`);
  const sorted = codes && [...new Set(codes)].toSorted();
  return (await continueLatest(ports, job, sorted)) ?? reserve(ports, job, sorted);
}

/** Whether an earlier request resumed the job, and it has not ended since. */
const wasResumed = (job: Job): boolean => !isTerminal(job) && job.attempt > 0;

async function resume(ports: RedrivePorts, job: Job): Promise<Job> {
  if (!isTerminal(job)) {
    await ports.continuations.send(toSplitContinuation(job));
    return job;
  }
  // The message first: if the caller's function dies behind it, the reader of the message reopens the job.
  await ports.continuations.send(toReopenContinuation(job));
  return reopen(ports, job);
}

/** Sends the message of the latest redrive again, unless that has ended or there is none. */
async function continueLatest(
  ports: RedrivePorts,
  job: Job,
  codes: readonly string[] | undefined,
): Promise<Job | undefined> {
  if (!job.redrive) return undefined;
  const { number } = job.redrive;
  const run = await ports.jobs.read(redriveKey(job, number));
  if (run?.status === 'COMPLETED') return undefined;
  requireSame(job, codes);
  if (run) await continueRun(ports, job, run);
  else await ports.continuations.send(toPlanContinuation(job, job.redrive));
  return job;
}

/** Refuses other codes than those of the redrive under way: a job has one redrive at a time. */
function requireSame({ jobId, redrive: latest }: Job, codes: readonly string[] = []): void {
  if (latest && codes.join() !== (latest.codes ?? []).join()) {
    throw new NotRedrivableError(jobId, `redrive ${latest.number} is under way; wait until it has ended`);
  }
}

async function continueRun(ports: RedrivePorts, job: Job, run: Job): Promise<void> {
  if (isResumable(run)) await resume(ports, run);
  else if (!isTerminal(run)) await ports.continuations.send(toSplitContinuation(run));
  else throw new NotRedrivableError(job.jobId, `its latest redrive failed: ${run.failure?.message}`);
}

/** Asks for the next redrive, and reserves its number on the job. */
async function reserve(ports: RedrivePorts, job: Job, codes: readonly string[] | undefined): Promise<Job> {
  if ((await countRemaining(ports, job)) === 0) throw new NotRedrivableError(job.jobId, explainNoFailures(job));
  requireKnown(job, codes);
  const number = (job.redrive?.number ?? 0) + 1;
  if (number > REDRIVES_MAX) throw new NotRedrivableError(job.jobId, `it was redriven ${REDRIVES_MAX} times`);
  // Announced first: the note of the announcement would take the job off the sweep's list, and the redrive with it.
  await announceEnd(ports, job);
  const next = { number, ...(codes && { codes }) };
  // The message first: the planner reserves the number too, if this function dies before it does.
  await ports.continuations.send(toPlanContinuation(job, next));
  const reserved = await ports.jobs.reserveRedrive(job, { ...next, isPlanned: false });
  // Another request may have been first.
  requireSame(reserved, codes);
  return reserved;
}

const explainNoFailures = ({ failure }: Job): string =>
  isForGood(failure?.code)
    ? `it has no failed row left, and a new read of its source fails again with ${failure?.code}; upload a corrected file`
    : 'it has no failed row left';

/**
 * Refuses codes that no failed item has: an empty run would use up one of a hundred redrives. Only a report without
 * others lists every code.
 */
function requireKnown({ jobId, redrive: latest, report }: Job, codes: readonly string[] | undefined): void {
  if (!codes || !report || report.run !== (latest?.number ?? 0) || report.others > 0) return;
  const known = [...new Set(report.groups.map(({ code }) => code))].toSorted();
  if (codes.some((code) => known.includes(code))) return;
  throw new NotRedrivableError(
    jobId,
    `none of its failed rows has the code ${codes.join(' or ')}; their codes are ${known.join(', ')}`,
  );
}

/** Counts the remaining failures. */
async function countRemaining({ jobs, ledger, clock }: RedrivePorts, job: Job): Promise<number> {
  const { failed } = await readProgress(ledger, job, clock.now());
  const runs = await runsOf(jobs, job);
  const recovered = await allDone(runs.map((run) => readProgress(ledger, run, clock.now())));
  return failed - recovered.reduce((sum, { succeeded }) => sum + succeeded, 0);
}

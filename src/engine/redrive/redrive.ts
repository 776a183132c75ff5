import { allDone } from '../all-done.ts';
import { continuationOf, planningOf } from '../model/continuation.ts';
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
 * Has the failed items of a job that has ended processed again, all or those that failed with certain codes: a run of
 * its own, one at a time. A job that failed before its source was read to the end is resumed from its checkpoint
 * instead. Asking again for what is under way asks for it to go on, and changes nothing.
 * @throws NotRedrivableError, UnknownJobError
 */
export async function redrive(ports: RedrivePorts, key: JobKey, codes?: readonly string[]): Promise<Job> {
  const job = await readJob(ports.jobs, key);
  if (isResumable(job) || isResumed(job)) {
    if (codes) throw new NotRedrivableError(job.jobId, 'it goes on from where it failed, as a whole; name no codes');
    return resume(ports, job);
  }
  if (!isTerminal(job)) throw new NotRedrivableError(job.jobId, `it is ${job.status} and has to come to its end first`);
  const sorted = codes && [...new Set(codes)].toSorted();
  return (await goOn(ports, job, sorted)) ?? claim(ports, job, sorted);
}

/** Asking again has it go on, if it has stopped. */
const isResumed = (job: Job): boolean => !isTerminal(job) && job.attempt > 0;

async function resume(ports: RedrivePorts, job: Job): Promise<Job> {
  if (!isTerminal(job)) {
    await ports.continuations.send(continuationOf(job));
    return job;
  }
  // The message first: once it is sent, nobody has to remember that the job has to go on.
  await ports.continuations.send({ ...continuationOf(job), reopens: true });
  return reopen(ports, job);
}

/** Brings the latest redrive on its way again, if it has not come to its end. */
async function goOn(ports: RedrivePorts, job: Job, codes: readonly string[] | undefined): Promise<Job | undefined> {
  if (!job.redrive) return undefined;
  const { number } = job.redrive;
  const run = await ports.jobs.read(redriveKey(job, number));
  if (run?.status === 'COMPLETED') return undefined;
  requireSame(job, codes);
  if (run) await goOnWith(ports, job, run);
  else await ports.continuations.send(planningOf(job, job.redrive));
  return job;
}

/** One redrive of a job at a time; asking for it again is asking for the same. */
function requireSame({ jobId, redrive: latest }: Job, codes: readonly string[] = []): void {
  if (latest && codes.join() !== (latest.codes ?? []).join()) {
    throw new NotRedrivableError(jobId, `redrive ${latest.number} is under way; wait until it has come to its end`);
  }
}

async function goOnWith(ports: RedrivePorts, job: Job, run: Job): Promise<void> {
  if (isResumable(run)) await resume(ports, run);
  else if (!isTerminal(run)) await ports.continuations.send(continuationOf(run));
  else throw new NotRedrivableError(job.jobId, `its latest redrive failed: ${run.failure?.message}`);
}

async function claim(ports: RedrivePorts, job: Job, codes: readonly string[] | undefined): Promise<Job> {
  if ((await standing(ports, job)) === 0) throw new NotRedrivableError(job.jobId, nothingStands(job));
  requireKnown(job, codes);
  const number = (job.redrive?.number ?? 0) + 1;
  if (number > REDRIVES_MAX) throw new NotRedrivableError(job.jobId, `it was redriven ${REDRIVES_MAX} times`);
  // Announced before it is noted that something is owed anew, or that note would go with the announcement.
  await announceEnd(ports, job);
  const next = { number, ...(codes && { codes }) };
  // The message first: whoever plans it claims it, too.
  await ports.continuations.send(planningOf(job, next));
  const claimed = await ports.jobs.reserveRedrive(job, { ...next, isPlanned: false });
  // Somebody else's request may have been the first.
  requireSame(claimed, codes);
  return claimed;
}

const nothingStands = ({ failure }: Job): string =>
  isForGood(failure?.code)
    ? `no row of it stands failed, and a new read of its source fails again with ${failure?.code}; upload a repaired file`
    : 'no row of it stands failed';

/**
 * Refuses codes that no failed item has: an empty run would use up one of a hundred. A report without others lists all
 * codes.
 */
function requireKnown({ jobId, redrive: latest, report }: Job, codes: readonly string[] | undefined): void {
  if (!codes || !report || report.run !== (latest?.number ?? 0) || report.others > 0) return;
  const known = [...new Set(report.groups.map(({ code }) => code))].toSorted();
  if (codes.some((code) => known.includes(code))) return;
  throw new NotRedrivableError(
    jobId,
    `no row of it stands failed with ${codes.join(' or ')}; the codes that do are ${known.join(', ')}`,
  );
}

/** How many items stand failed. */
async function standing({ jobs, ledger, clock }: RedrivePorts, job: Job): Promise<number> {
  const { failed } = await readProgress(ledger, job, clock.now());
  const runs = await runsOf(jobs, job);
  const recovered = await allDone(runs.map((run) => readProgress(ledger, run, clock.now())));
  return failed - recovered.reduce((sum, { succeeded }) => sum + succeeded, 0);
}

import { complete, isTerminal, readJob, runOf, type Continuations, type Job, type JobKey } from '../../engine/index.ts';
import { writeReport, type ReportDraft, type ReportPace, type ReportPorts } from './report.ts';

/** Asks for a report to be gone on with in another invocation. */
export interface ReportContinuations {
  send(file: JobKey, draft: ReportDraft): Promise<void>;
}

export interface FinishPorts extends ReportPorts {
  readonly continuations: Continuations;
  readonly reportContinuations: ReportContinuations;
}

/**
 * What is owed to a file when one of its runs is said to have ended: a complete one is turned COMPLETED, and the report
 * is written. Resolves to the run's job.
 * @throws NotCompleteError if outcomes are missing, UnknownJobError if the job is not stored
 */
export async function finishTaskFile(
  ports: FinishPorts,
  run: JobKey,
  isCompleted: boolean,
  pace: ReportPace,
): Promise<Job> {
  const job = isCompleted ? await complete(ports, run) : await readJob(ports.jobs, run);
  await report(ports, runOf(job), pace);
  return job;
}

/** Goes on with a report whose time ran out. */
export const continueReport = (ports: FinishPorts, file: JobKey, draft: ReportDraft, pace: ReportPace): Promise<void> =>
  report(ports, file, pace, draft);

async function report(ports: FinishPorts, file: JobKey, pace: ReportPace, draft?: ReportDraft): Promise<void> {
  const job = await readJob(ports.jobs, file);
  // It may have been resumed since its end was announced; then another end follows.
  if (!isTerminal(job)) return;
  const rest = await writeReport(ports, job, pace, draft);
  if (rest) await ports.reportContinuations.send({ tenant: job.tenant, jobId: job.jobId }, rest);
}

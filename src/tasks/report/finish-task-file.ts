import { complete, isTerminal, readJob, runOf, type Continuations, type Job, type JobKey } from '../../engine/index.ts';
import { writeReport, type ReportDraft, type ReportPace, type ReportPorts } from './report.ts';

/** Sends an unfinished report to another invocation. */
export interface ReportContinuations {
  send(file: JobKey, draft: ReportDraft): Promise<void>;
}

export interface FinishPorts extends ReportPorts {
  readonly continuations: Continuations;
  readonly reportContinuations: ReportContinuations;
}

/**
 * Finishes a run that was announced as ended: turns a complete run COMPLETED, and writes the report of the file.
 * Resolves to the run's job.
 * @throws NotCompleteError if outcomes are missing, UnknownJobError if the job is not stored
 */
export async function finishTaskFile(
  ports: FinishPorts,
  run: JobKey,
  isCompleted: boolean,
  pace: ReportPace,
): Promise<Job> {
  const job = isCompleted ? await complete(ports, run) : await readJob(ports.jobs, run);
  await reportOn(ports, runOf(job), pace);
  return job;
}

/** Continues a report that ran out of time in an earlier invocation. */
export const continueReport = (ports: FinishPorts, file: JobKey, draft: ReportDraft, pace: ReportPace): Promise<void> =>
  reportOn(ports, file, pace, draft);

async function reportOn(ports: FinishPorts, file: JobKey, pace: ReportPace, draft?: ReportDraft): Promise<void> {
  const job = await readJob(ports.jobs, file);
  // The file may have been resumed since its end was announced. Then another end follows.
  if (!isTerminal(job)) return;
  const rest = await writeReport(ports, job, pace, draft);
  if (rest) await ports.reportContinuations.send({ tenant: job.tenant, jobId: job.jobId }, rest);
}

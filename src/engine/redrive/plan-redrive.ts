import { UnknownJobError } from '../errors.ts';
import { redriveId } from '../model/identity.ts';
import { newJob, START, type Job, type PinnedSource, type Redrive, type Run } from '../model/job.ts';
import { manifestName, manifestLine } from '../reader/manifest.ts';
import type { Clock } from '../ports/clock.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { Failures, Ledger } from '../ports/ledger.ts';
import type { Manifests } from '../ports/source.ts';
import { firstFailure, remainingFailures } from '../failures/remaining-failures.ts';

export interface PlanRedrivePorts {
  readonly jobs: Jobs;
  readonly ledger: Ledger;
  readonly failures: Failures;
  readonly manifests: Manifests;
  readonly clock: Clock;
}

export interface PlanningLimits {
  /** How many failures are read between two looks at the time. */
  readonly failuresPerPage: number;
  /**
   * A manifest is written whole, from memory. Once it has this size, the items after the page at hand go into another
   * run.
   */
  readonly manifestBytes: number;
}

export interface PlanningPace extends PlanningLimits {
  /** Once the time is nearly up, the items after the page at hand go into another run. */
  readonly isLate: () => boolean;
}

/**
 * Plans a redrive that was asked for: lists the remaining failures in a manifest and stores the job that processes it.
 * If the redrive is planned again, or twice at the same time, the first stored job counts.
 */
export async function planRedrive(ports: PlanRedrivePorts, job: Job, number: number, pace: PlanningPace): Promise<Job> {
  const run = { tenant: job.tenant, jobId: job.jobId, createdAt: job.createdAt, number };
  const key = { tenant: job.tenant, jobId: redriveId(job.jobId, number) };
  const stored = await ports.jobs.read(key);
  if (stored) return stored;
  if (job.redrive?.number !== number) throw new UnknownJobError(key.tenant, key.jobId);
  const { codes } = job.redrive;
  const { source, restFrom } = await writeManifest(ports, job, job.redrive, run, pace);
  const now = ports.clock.now();
  return ports.jobs.create({
    ...newJob({
      ...key,
      name: job.name,
      cut: job.cut,
      source,
      createdAt: now,
      ...(job.options && { options: job.options }),
    }),
    status: 'IN_PROGRESS',
    // Items have failed, so the header was read.
    header: job.header!,
    // The source's format without compression and skipped lines, which the manifest does not have.
    format: { type: job.format.type, encoding: job.format.encoding, delimiter: job.format.delimiter },
    dataStart: START,
    startedAt: now,
    redriveOf: {
      jobId: job.jobId,
      createdAt: job.createdAt,
      number,
      ...(codes && { codes }),
      ...(restFrom !== undefined && { restFrom }),
    },
  });
}

interface Manifest {
  readonly source: PinnedSource;
  readonly restFrom?: number;
}

async function writeManifest(
  ports: PlanRedrivePorts,
  job: Job,
  { codes, fromItem = 0 }: Redrive,
  run: Run,
  { isLate, failuresPerPage, manifestBytes }: PlanningPace,
): Promise<Manifest> {
  const lines: string[] = [];
  let bytes = 0;
  let restFrom: number | undefined;
  const from = firstFailure(fromItem);
  for await (const { failures, next } of remainingFailures(ports, job, from, failuresPerPage)) {
    for (const failure of failures) {
      if (codes && !codes.includes(failure.code)) continue;
      const line = manifestLine(failure);
      lines.push(line);
      bytes += Buffer.byteLength(line);
    }
    if (next && (bytes >= manifestBytes || isLate())) {
      restFrom = next.item;
      break;
    }
  }
  const text = Buffer.from(lines.join(''));
  const source = await ports.manifests.store(manifestName(run, text), text);
  return { source, ...(restFrom !== undefined && { restFrom }) };
}

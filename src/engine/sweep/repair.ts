import { segmentKey, type Job } from '../model/job.ts';
import type { Counts, Jobs } from '../ports/jobs.ts';
import type { Ledger } from '../ports/ledger.ts';

/** How many ledger records one call reads. */
const SEGMENTS_PER_READ = 100;

/**
 * Sets the rolled-up numbers of a job to the sums of its closed segments, if they are still those that were read. They
 * differ only if something outside the service wrote to the job. Resolves to whether they differed.
 */
export async function repairDrift(ports: { readonly jobs: Jobs; readonly ledger: Ledger }, job: Job): Promise<boolean> {
  const to = await sumClosed(ports.ledger, job);
  const from = { succeeded: job.succeeded, failed: job.failed, doneBytes: job.doneBytes };
  if (from.succeeded === to.succeeded && from.failed === to.failed && from.doneBytes === to.doneBytes) return false;
  await ports.jobs.repair(job, { closed: job.closed, from, to });
  return true;
}

async function sumClosed(ledger: Ledger, job: Job): Promise<Counts> {
  const sum = { succeeded: 0, failed: 0, doneBytes: 0 };
  const closed = job.closed.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => first + at));
  for (let start = 0; start < closed.length; start += SEGMENTS_PER_READ) {
    const keys = closed.slice(start, start + SEGMENTS_PER_READ).map((segment) => segmentKey(job, segment));
    for (const { succeeded, failed, bytes } of await ledger.read(keys)) {
      sum.succeeded += succeeded;
      sum.failed += failed;
      sum.doneBytes += bytes;
    }
  }
  return sum;
}

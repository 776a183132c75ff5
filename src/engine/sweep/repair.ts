import type { Job } from '../model/job.ts';
import { segmentKey } from '../model/job.ts';
import type { Counts, Jobs } from '../ports/jobs.ts';
import type { Ledger } from '../ports/ledger.ts';

/** Ledger records read at once. */
const SEGMENTS_PER_READ = 100;

/**
 * Makes the rolled-up numbers of a job what its closed segments say, on condition that they are still those that were
 * read. They differ only if something outside wrote to the job. Resolves to whether there was anything to repair.
 */
export async function repairDrift(ports: { readonly jobs: Jobs; readonly ledger: Ledger }, job: Job): Promise<boolean> {
  const to = await sumOfClosed(ports.ledger, job);
  const from = { succeeded: job.succeeded, failed: job.failed, doneBytes: job.doneBytes };
  if (from.succeeded === to.succeeded && from.failed === to.failed && from.doneBytes === to.doneBytes) return false;
  await ports.jobs.repair(job, { closed: job.closed, from, to });
  return true;
}

async function sumOfClosed(ledger: Ledger, job: Job): Promise<Counts> {
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

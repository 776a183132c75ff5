import type { TaskFile } from '../contract/index.ts';
import { allDone, readProgress, runsOf, type Clock, type Job, type Jobs, type Ledger } from '../engine/index.ts';
import { taskFileOf } from './task-file.ts';

export interface DescribePorts {
  readonly jobs: Pick<Jobs, 'read'>;
  readonly ledger: Ledger;
  readonly clock: Clock;
}

/** A file as the API answers it, with what its redrives have come to. */
export async function describe({ jobs, ledger, clock }: DescribePorts, job: Job): Promise<TaskFile> {
  const now = clock.now();
  const runs = await runsOf(jobs, job);
  const [own, ...others] = await allDone([job, ...runs].map((run) => readProgress(ledger, run, now)));
  return taskFileOf(
    job,
    own!,
    runs.map((run, index) => ({ run, progress: others[index]! })),
  );
}

import type { Checkpoint, Job } from './job.ts';
import type { Continuation } from './ports/messaging.ts';

/** The message that has the fan-out of a job go on, as far as the job is by now. */
export const continuationOf = (
  { tenant, jobId, attempt, checkpoint: { nextBatch } }: Job,
  {
    resendFrom,
    recovery,
  }: { readonly resendFrom?: Checkpoint | undefined; readonly recovery?: number | undefined } = {},
): Continuation => ({
  tenant,
  jobId,
  nextBatch,
  attempt,
  ...(resendFrom && { resendFrom }),
  ...(recovery !== undefined && { recovery }),
});

/** The message that has a redrive of a job planned. */
export const planningOf = (
  { tenant, jobId, attempt }: Job,
  { number, codes, fromItem }: NonNullable<Continuation['redrive']>,
): Continuation => ({
  tenant,
  jobId,
  nextBatch: 0,
  attempt,
  redrive: { number, ...(codes && { codes }), ...(fromItem !== undefined && { fromItem }) },
});

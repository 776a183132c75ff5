import type { Checkpoint, Job, JobKey, Redrive } from './job.ts';

/** Asks for the fan-out of a job to go on in another invocation. */
export interface Continuation extends JobKey {
  /** The checkpoint's batch when it was sent: what has moved since then was not in vain. */
  readonly nextBatch: number;
  /** The job's, when it was sent. */
  readonly attempt: number;
  /** Send again, from here on, what the ledger of a sealed job lacks. */
  readonly resendFrom?: Checkpoint;
  /** The recovery by which the sweep asked for it; absent if a splitter or a caller did. */
  readonly recovery?: number;
  /** The job has failed at this attempt, and is reopened first. */
  readonly reopens?: true;
  /** Plan this redrive, in place of a fan-out. */
  readonly redrive?: Omit<Redrive, 'isPlanned'>;
}

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

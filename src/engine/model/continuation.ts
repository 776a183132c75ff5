import type { Checkpoint, Job, JobKey, Redrive } from './job.ts';

/** The message that lets another invocation continue with a file. `kind` is the step that it takes. */
export type Continuation = SplitContinuation | ResendContinuation | ReopenContinuation | PlanContinuation;

/** Continues the fan-out of a job at its checkpoint. */
export interface SplitContinuation extends JobKey {
  readonly kind: 'split';
  /** The batch at the checkpoint when the message was sent. The fan-out has made progress if the job's is later. */
  readonly nextBatch: number;
  /** The attempt of the job when the message was sent. */
  readonly attempt: number;
  /** The recovery by which the sweep sent the message; absent if a splitter or a caller caused it. */
  readonly recovery?: number;
}

/** Sends again, from a checkpoint on, the batches of a sealed job that the ledger lacks. */
export interface ResendContinuation extends JobKey {
  readonly kind: 'resend';
  readonly from: Checkpoint;
  /** The recovery by which the sweep asked for it. */
  readonly recovery: number;
}

/** Reopens a job that failed at this attempt, then continues its fan-out. */
export interface ReopenContinuation extends JobKey {
  readonly kind: 'reopen';
  readonly attempt: number;
}

/** Plans a redrive of a job. */
export interface PlanContinuation extends JobKey {
  readonly kind: 'plan';
  readonly redrive: Omit<Redrive, 'isPlanned'>;
}

export const toSplitContinuation = (
  { tenant, jobId, attempt, checkpoint: { nextBatch } }: Job,
  recovery?: number,
): SplitContinuation => ({
  kind: 'split',
  tenant,
  jobId,
  nextBatch,
  attempt,
  ...(recovery !== undefined && { recovery }),
});

export const toResendContinuation = (
  { tenant, jobId }: JobKey,
  from: Checkpoint,
  recovery: number,
): ResendContinuation => ({ kind: 'resend', tenant, jobId, from, recovery });

export const toReopenContinuation = ({ tenant, jobId, attempt }: Job): ReopenContinuation => ({
  kind: 'reopen',
  tenant,
  jobId,
  attempt,
});

export const toPlanContinuation = (
  { tenant, jobId }: JobKey,
  { number, codes, fromItem }: PlanContinuation['redrive'],
): PlanContinuation => ({
  kind: 'plan',
  tenant,
  jobId,
  redrive: { number, ...(codes && { codes }), ...(fromItem !== undefined && { fromItem }) },
});

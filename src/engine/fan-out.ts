import { continuationOf } from './continuation.ts';
import type { Column } from './definition.ts';
import { SourceError } from './errors.ts';
import {
  isFullyRecorded,
  isTerminal,
  pinnedSource,
  type Checkpoint,
  type Job,
  type JobKey,
  type Redrive,
} from './job.ts';
import { detectSource } from './open-source.ts';
import type { Deadline } from './ports/clock.ts';
import type { Guard } from './ports/jobs.ts';
import type { BatchQueue, Continuation, Continuations } from './ports/messaging.ts';
import type { Failures } from './ports/ledger.ts';
import type { Manifests, Sources } from './ports/source.ts';
import { planRedrive } from './plan-redrive.ts';
import { readSource, type FanOutLimits } from './read-source.ts';
import { mapHeader } from './reader/header.ts';
import { reopen } from './reopen.ts';
import { resend } from './resend.ts';
import { announceEnd, readJob, settleSealed, type SettlePorts } from './settle.ts';

export interface FanOutPorts extends SettlePorts {
  readonly sources: Sources;
  readonly failures: Failures;
  readonly manifests: Manifests;
  readonly batches: BatchQueue;
  readonly continuations: Continuations;
}

/**
 * Reads a job's source, cuts it into batches and sends them; seals the job at the end. Any number of fan-outs of one job may
 * run at once or one after the other: they cut the same batches, checkpoints move only forward after every send before them is
 * acknowledged, and whoever finds a later checkpoint goes on from there.
 */
export class FanOut {
  readonly #ports: FanOutPorts;
  readonly #columns: readonly Column[];
  readonly #limits: FanOutLimits;

  constructor(ports: FanOutPorts, columns: readonly Column[], limits: FanOutLimits) {
    this.#ports = ports;
    this.#columns = columns;
    this.#limits = limits;
  }

  /** Brings a job whose source is pinned as far as the time allows. */
  async run(key: JobKey, deadline: Deadline): Promise<void> {
    let job = await readJob(this.#ports.jobs, key);
    try {
      if (job.status === 'NEW') job = await this.#start(job);
      while (job.status === 'IN_PROGRESS' && !job.seal) {
        const reading = await readSource(this.#ports, this.#limits, job, deadline);
        if (reading.end === 'deadline') return await this.#continue(await readJob(this.#ports.jobs, key));
        job = reading.end === 'source' ? await this.#seal(job, reading.at) : reading.job;
      }
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      job = await this.#fail(job, error);
    }
    await this.#close(job);
  }

  /** Goes on with what an earlier invocation left, with what a sweep found to be lacking, or with a redrive. */
  async resume(continuation: Continuation, deadline: Deadline): Promise<void> {
    if (continuation.redrive) return this.#planRedrive(continuation, continuation.redrive, deadline);
    if (continuation.reopens) await reopen(this.#ports, continuation);
    if (!continuation.resendFrom) return this.run(continuation, deadline);
    const job = await readJob(this.#ports.jobs, continuation);
    // All that it lacked has come in meanwhile: its completion may be announced, and nothing may fail it any more.
    if (isTerminal(job) || isFullyRecorded(job)) return this.#close(job);
    try {
      const resendFrom = await resend(this.#ports, this.#limits, job, continuation.resendFrom, deadline);
      if (resendFrom) await this.#continue(job, resendFrom);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      // What was sent may still come in; if it has, the closed set is another one, and the job does not fail.
      await this.#close(await this.#fail(job, error, { isSealed: true, closed: job.closed }));
    }
  }

  #continue(job: Job, resendFrom?: Checkpoint): Promise<void> {
    return this.#ports.continuations.send(continuationOf(job, resendFrom));
  }

  /** The items are split in another invocation, as those of any job. */
  async #planRedrive(key: JobKey, redrive: Omit<Redrive, 'isPlanned'>, deadline: Deadline): Promise<void> {
    const isLate = (): boolean => deadline.remainingMilliseconds() < this.#limits.reserveMilliseconds;
    const pace = { ...this.#limits, isLate };
    // Whoever asked may have died before the claim; and nothing is claimed twice.
    const job = await this.#ports.jobs.claimRedrive(key, { ...redrive, isPlanned: false });
    await this.#continue(await planRedrive(this.#ports, job, redrive.number, pace));
    await this.#ports.jobs.markPlanned(job, redrive.number);
  }

  /** What a fan-out still owes at the end, and every redelivered one again. */
  async #close(job: Job): Promise<void> {
    if (isTerminal(job)) await announceEnd(this.#ports, job);
    else if (job.seal) await settleSealed(this.#ports, job);
  }

  async #start(job: Job): Promise<Job> {
    const { format, header, dataStart } = await detectSource(this.#ports.sources, pinnedSource(job), this.#columns);
    if (!header) throw new SourceError('EMPTY_FILE', 'The file is empty; its first line must name the columns.');
    mapHeader(header, this.#columns);
    const checkpoint = { ...dataStart, nextItem: 0, nextBatch: 0 };
    return this.#ports.jobs.start(job, { format, header, checkpoint, at: this.#ports.clock.now() });
  }

  #seal(job: Job, at: Checkpoint): Promise<Job> {
    return this.#ports.jobs.seal(job, { itemCount: at.nextItem, batchCount: at.nextBatch });
  }

  #fail(job: Job, { code, message }: SourceError, guard: Guard = { isSealed: false }): Promise<Job> {
    const failure = { code, message };
    return this.#ports.jobs.finish(job, { status: 'FAILED', at: this.#ports.clock.now(), failure, guard });
  }
}

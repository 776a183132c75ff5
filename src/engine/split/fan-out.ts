import { continuationOf, type Continuation } from '../model/continuation.ts';
import type { Column } from '../definition.ts';
import { findSimilarJob } from './earlier-job.ts';
import { SourceError } from '../errors.ts';
import {
  isFullyRecorded,
  isTerminal,
  pinnedSource,
  type Checkpoint,
  type Job,
  type JobKey,
  type Redrive,
} from '../model/job.ts';
import { detectSource } from '../reader/open-source.ts';
import type { Deadline } from '../ports/clock.ts';
import type { Contents } from '../ports/contents.ts';
import type { Guard } from '../ports/jobs.ts';
import type { BatchQueue, Continuations } from '../ports/messaging.ts';
import type { Failures } from '../ports/ledger.ts';
import type { Manifests, Sources } from '../ports/source.ts';
import { planRedrive } from '../redrive/plan-redrive.ts';
import { readSource, type FanOutLimits } from './read-source.ts';
import { isFixFile } from '../reader/fix-file.ts';
import { mapHeader, refuseUnknown } from '../reader/header.ts';
import { reopen } from '../redrive/reopen.ts';
import { resend, type Resend } from './resend.ts';
import { announceEnd, settleSealed, type SettlePorts } from '../settle/settle.ts';
import { readJob } from '../stored-jobs.ts';

export interface FanOutPorts extends SettlePorts {
  readonly sources: Sources;
  readonly failures: Failures;
  readonly manifests: Manifests;
  readonly batches: BatchQueue;
  readonly continuations: Continuations;
  readonly contents: Contents;
}

/**
 * Reads a job's source, cuts it into batches and sends them; seals the job at the end. Any number of fan-outs of one
 * job may run at once or one after the other: they cut the same batches, checkpoints move only forward after every send
 * before them is acknowledged, and whoever finds a later checkpoint goes on from there.
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
    await this.#split(await readJob(this.#ports.jobs, key), deadline);
  }

  async #split(asRead: Job, deadline: Deadline, recovery?: number): Promise<void> {
    let job = asRead;
    try {
      if (job.status === 'NEW') job = await this.#start(job);
      while (isBeingSplit(job)) {
        const reading = await readSource(this.#ports, this.#limits, job, deadline);
        if (reading.end === 'deadline') return await this.#continue(await readJob(this.#ports.jobs, job), { recovery });
        job = reading.end === 'source' ? await this.#seal(job, reading.at) : reading.job;
        // Another fan-out is further. It has a message of its own; if both are lost, the sweep asks again.
        if (reading.end === 'overtaken' && recovery !== undefined && isBeingSplit(job)) return;
      }
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      job = await this.#fail(job, error);
    }
    await this.#close(job);
  }

  /**
   * Goes on with what an earlier invocation left, with what a sweep found to be lacking, or with a redrive.
   * `isRepeated`: the queue delivered the message before.
   */
  async resume(continuation: Continuation, deadline: Deadline, isRepeated = false): Promise<void> {
    const { redrive, reopens, resendFrom, recovery } = continuation;
    if (redrive) return this.#planRedrive(continuation, redrive, deadline);
    if (reopens) await reopen(this.#ports, continuation);
    const job = await readJob(this.#ports.jobs, continuation);
    if (resendFrom) return this.#resend(job, { from: resendFrom, recovery: recovery ?? 0 }, deadline);
    // The sweep asked for it, and the file went on meanwhile without it: one chain of fan-outs is enough.
    const isNeedless = recovery !== undefined && !isRepeated && hasMoved(job, continuation);
    if (!isNeedless) await this.#split(job, deadline, recovery);
  }

  async #resend(job: Job, { from, recovery: asked }: Resend, deadline: Deadline): Promise<void> {
    // All that it lacked has come in meanwhile: its completion may be announced, and nothing may fail it any more.
    if (isTerminal(job) || isFullyRecorded(job)) return this.#close(job);
    if (asked <= (job.resent ?? 0)) return;
    const recovery = answeredBy(job, { from, recovery: asked });
    try {
      const resendFrom = await resend(this.#ports, this.#limits, job, { from, recovery }, deadline);
      if (resendFrom) await this.#continue(job, { resendFrom, recovery });
      else await this.#ports.jobs.markResent(job, recovery);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      // What was sent may still come in; if it has, the closed set is another one, and the job does not fail.
      await this.#close(await this.#fail(job, error, { isSealed: true, closed: job.closed }));
    }
  }

  #continue(job: Job, more: Parameters<typeof continuationOf>[1] = {}): Promise<void> {
    return this.#ports.continuations.send(continuationOf(job, more));
  }

  /** The items are split in another invocation, as those of any job. */
  async #planRedrive(key: JobKey, redrive: Omit<Redrive, 'isPlanned'>, deadline: Deadline): Promise<void> {
    const isLate = (): boolean => deadline.remainingMilliseconds() < this.#limits.reserveMilliseconds;
    const pace = { ...this.#limits, isLate };
    // Whoever asked may have died before the claim; and nothing is claimed twice.
    const job = await this.#ports.jobs.reserveRedrive(key, { ...redrive, isPlanned: false });
    await this.#continue(await planRedrive(this.#ports, job, redrive.number, pace));
    await this.#ports.jobs.markPlanned(job, redrive.number);
  }

  /** What a fan-out still owes at the end, and every redelivered one again. */
  async #close(job: Job): Promise<void> {
    if (isTerminal(job)) await announceEnd(this.#ports, job);
    else if (job.seal) await settleSealed(this.#ports, job);
  }

  async #start(job: Job): Promise<Job> {
    const { format, header, dataStart, firstRows } = await detectSource(
      this.#ports.sources,
      pinnedSource(job),
      this.#columns,
      job.options,
    );
    if (!header) throw new SourceError('EMPTY_FILE', 'The file is empty; its first line must name the columns.');
    mapHeader(header, this.#columns);
    if (job.options?.strict) refuseUnknown(header, this.#columns);
    const checkpoint = { ...dataStart, nextItem: 0, nextBatch: 0 };
    // A fix file brings rows again on purpose.
    const similarTo = isFixFile(header) ? undefined : await findSimilarJob(this.#ports, job, firstRows);
    const at = this.#ports.clock.now();
    return this.#ports.jobs.start(job, {
      format,
      header,
      checkpoint,
      ...(similarTo !== undefined && { similarTo }),
      at,
    });
  }

  #seal(job: Job, at: Checkpoint): Promise<Job> {
    return this.#ports.jobs.seal(job, { itemCount: at.nextItem, batchCount: at.nextBatch });
  }

  #fail(job: Job, { code, message }: SourceError, guard: Guard = { isSealed: false }): Promise<Job> {
    const failure = { code, message };
    return this.#ports.jobs.finish(job, { status: 'FAILED', at: this.#ports.clock.now(), failure, guard });
  }
}

const isBeingSplit = (job: Job): boolean => job.status === 'IN_PROGRESS' && !job.seal;

/** Whether another fan-out got on since a message was sent. */
const hasMoved = (job: Job, { nextBatch, attempt }: Continuation): boolean =>
  isBeingSplit(job) && (job.checkpoint.nextBatch > nextBatch || job.attempt > attempt);

/** The first invocation answers every recovery that was asked for until now; those after it keep its number. */
const answeredBy = (job: Job, { from, recovery: asked }: Resend): number =>
  from.nextBatch === 0 ? Math.max(asked, job.recovery?.number ?? 0) : asked;

import {
  toResendContinuation,
  toSplitContinuation,
  type Continuation,
  type PlanContinuation,
  type ResendContinuation,
  type SplitContinuation,
} from '../model/continuation.ts';
import type { Column } from '../definition.ts';
import { findSimilarJob } from './earlier-job.ts';
import { SourceError } from '../errors.ts';
import { isFullyRecorded, isTerminal, pinnedSource, type Checkpoint, type Job } from '../model/job.ts';
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
import { resend } from './resend.ts';
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
 * Reads a job's source, cuts it into batches, sends them, and seals the job at the end. Any number of fan-outs of one
 * job may run at once or one after the other. They cut the same batches. A checkpoint moves only forward, and only once
 * all batches before it are acknowledged. A fan-out that finds a later checkpoint continues from there.
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

  /**
   * Takes a job whose source is pinned as far as the time allows. `job` is what the caller has just read. If another
   * invocation has changed it since, this one sends batches twice at most: each write has a condition.
   */
  run(job: Job, deadline: Deadline): Promise<void> {
    return this.#split(job, deadline);
  }

  async #split(asRead: Job, deadline: Deadline, recovery?: number): Promise<void> {
    let job = asRead;
    try {
      if (job.status === 'NEW') job = await this.#start(job);
      while (isBeingSplit(job)) {
        const reading = await readSource(this.#ports, this.#limits, job, deadline);
        if (reading.end === 'deadline') return await this.#send(toSplitContinuation(reading.job, recovery));
        job = reading.end === 'source' ? await this.#seal(job, reading.at) : reading.job;
        // Another fan-out is further, and has a message of its own. If that is lost, the sweep asks again.
        if (reading.end === 'overtaken' && recovery !== undefined && isBeingSplit(job)) return;
      }
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      job = await this.#fail(job, error);
    }
    await this.#settle(job);
  }

  /** Takes the step that a continuation asks for. `isRepeated`: the queue delivered the message before. */
  async resume(continuation: Continuation, deadline: Deadline, isRepeated = false): Promise<void> {
    switch (continuation.kind) {
      case 'split':
        return this.#continue(continuation, deadline, isRepeated);
      case 'resend':
        return this.#resend(continuation, deadline);
      case 'reopen':
        return this.#split(await reopen(this.#ports, continuation), deadline);
      case 'plan':
        return this.#planRedrive(continuation, deadline);
    }
  }

  async #continue(continuation: SplitContinuation, deadline: Deadline, isRepeated: boolean): Promise<void> {
    const { recovery } = continuation;
    const job = await readJob(this.#ports.jobs, continuation);
    // The sweep asked for a fan-out, and another has made progress meanwhile: one chain of fan-outs is enough.
    const isNeedless = recovery !== undefined && !isRepeated && hasMoved(job, continuation);
    if (!isNeedless) await this.#split(job, deadline, recovery);
  }

  async #resend(continuation: ResendContinuation, deadline: Deadline): Promise<void> {
    const { from, recovery: asked } = continuation;
    const job = await readJob(this.#ports.jobs, continuation);
    // All outcomes are recorded meanwhile: its completion may be announced, so nothing may fail it any more.
    if (isTerminal(job) || isFullyRecorded(job)) return this.#settle(job);
    if (asked <= (job.resent ?? 0)) return;
    const recovery = coveredRecovery(job, continuation);
    try {
      const rest = await resend(this.#ports, this.#limits, job, { from, recovery }, deadline);
      if (rest) await this.#send(toResendContinuation(job, rest, recovery));
      else await this.#ports.jobs.markResent(job, recovery);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      // Outcomes may still be recorded. Then the closed set is another one, and the job does not fail.
      await this.#settle(await this.#fail(job, error, { isSealed: true, closed: job.closed }));
    }
  }

  #send(continuation: Continuation): Promise<void> {
    return this.#ports.continuations.send(continuation);
  }

  /** Plans the redrive. Another invocation splits its items, like those of any job. */
  async #planRedrive(continuation: PlanContinuation, deadline: Deadline): Promise<void> {
    const { redrive } = continuation;
    const isLate = (): boolean => deadline.remainingMilliseconds() < this.#limits.reserveMilliseconds;
    const pace = { ...this.#limits, isLate };
    // The caller's function may have died before it reserved the number. A second reservation changes nothing.
    const job = await this.#ports.jobs.reserveRedrive(continuation, { ...redrive, isPlanned: false });
    await this.#send(toSplitContinuation(await planRedrive(this.#ports, job, redrive.number, pace)));
    await this.#ports.jobs.markPlanned(job, redrive.number);
  }

  /** Announces or settles the job at the end of a fan-out. A redelivered message repeats it. */
  async #settle(job: Job): Promise<void> {
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
    // A fix file has the rows of an earlier file on purpose.
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

/** Whether another fan-out has made progress since a message was sent. */
const hasMoved = (job: Job, { nextBatch, attempt }: SplitContinuation): boolean =>
  isBeingSplit(job) && (job.checkpoint.nextBatch > nextBatch || job.attempt > attempt);

/** The recovery of the copies. The first invocation covers all recoveries up to now; the others keep its number. */
const coveredRecovery = (job: Job, { from, recovery: asked }: ResendContinuation): number =>
  from.nextBatch === 0 ? Math.max(asked, job.recovery?.number ?? 0) : asked;

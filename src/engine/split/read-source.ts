import { batchOf, checkpointAfter, Cutter } from './cutter.ts';
import { SourceError } from '../errors.ts';
import { isTerminal, type Checkpoint, type Job } from '../model/job.ts';
import type { PlanningLimits } from '../redrive/plan-redrive.ts';
import { readRecords } from '../reader/open-source.ts';
import type { Deadline } from '../ports/clock.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { BatchQueue } from '../ports/messaging.ts';
import type { Sources } from '../ports/source.ts';
import type { SourceRecord } from '../model/records.ts';
import { Sender, type SendLimits } from './sender.ts';

export interface FanOutLimits extends SendLimits, PlanningLimits {
  /** The time kept back for the checkpoint and the continuation. */
  readonly reserveMilliseconds: number;
}

export interface ReadSourcePorts {
  readonly jobs: Jobs;
  readonly sources: Sources;
  readonly batches: BatchQueue;
}

/** How one reading of the source ended. */
export type Reading =
  | { readonly end: 'source'; readonly at: Checkpoint }
  /** The job is the stored one, with the checkpoint that this reading saved. */
  | { readonly end: 'deadline'; readonly job: Job }
  /** The stored job has a later checkpoint, or needs no fan-out any more. */
  | { readonly end: 'overtaken'; readonly job: Job };

/** Cuts a job's source into batches and sends them, from its checkpoint to the source's end or the deadline. */
export async function readSource(
  ports: ReadSourcePorts,
  limits: FanOutLimits,
  job: Job,
  deadline: Deadline,
): Promise<Reading> {
  const splitting = new Splitting(ports, limits, job);
  try {
    return await split(splitting, ports.sources, limits, job, deadline);
  } catch (error) {
    // Batches that were sent before the fault still count, so the checkpoint must cover them.
    if (error instanceof SourceError) await splitting.save();
    else await splitting.waitForSends();
    throw error;
  }
}

async function split(
  splitting: Splitting,
  sources: Sources,
  limits: FanOutLimits,
  job: Job,
  deadline: Deadline,
): Promise<Reading> {
  const from = job.checkpoint;
  for await (const records of readRecords(sources, job, from)) {
    const overtakenBy = await splitting.take(records);
    if (overtakenBy) return { end: 'overtaken', job: overtakenBy };
    // Before a batch is cut the checkpoint cannot move: continuations would follow each other forever.
    const isLate = splitting.hasCut && deadline.remainingMilliseconds() < limits.reserveMilliseconds;
    if (!isLate) continue;
    const stored = await splitting.save();
    return { end: splitting.isOvertakenBy(stored) ? 'overtaken' : 'deadline', job: stored };
  }
  return { end: 'source', at: await splitting.finish() };
}

/** The state of one reading: the cutter, the sender, and the checkpoint behind the last cut. */
class Splitting {
  readonly #ports: ReadSourcePorts;
  readonly #job: Job;
  readonly #cutter: Cutter;
  readonly #sender: Sender;
  #at: Checkpoint;

  constructor(ports: ReadSourcePorts, limits: FanOutLimits, job: Job) {
    this.#ports = ports;
    this.#job = job;
    this.#cutter = new Cutter(job.cut);
    this.#sender = new Sender(ports.batches, limits);
    this.#at = job.checkpoint;
  }

  get hasCut(): boolean {
    return this.#at.nextBatch > this.#job.checkpoint.nextBatch;
  }

  /**
   * Cuts records and sends their batches. The checkpoint moves at the end of each segment, before a batch of the next
   * one is sent. So it shows which segments can hold outcomes, also of a job that ends before its seal. Resolves to the
   * stored job if that has overtaken this reading.
   */
  async take(records: readonly SourceRecord[]): Promise<Job | undefined> {
    for (const record of records) {
      const items = this.#cutter.add(record);
      if (items) await this.#send(items);
      const stored = items && this.#isSegmentEnd ? await this.save() : undefined;
      if (stored && this.isOvertakenBy(stored)) return stored;
    }
    return undefined;
  }

  get #isSegmentEnd(): boolean {
    return this.#at.nextBatch % this.#job.cut.batchesPerSegment === 0;
  }

  /**
   * Moves the job's checkpoint to the last cut, once every batch before it is acknowledged. Resolves to the stored job.
   */
  async save(): Promise<Job> {
    await this.#sender.drain();
    return this.#ports.jobs.advance(this.#job, this.#at);
  }

  /** Whether another fan-out is further, or the job needs none any more. */
  isOvertakenBy(stored: Job): boolean {
    return isTerminal(stored) || stored.seal !== undefined || stored.checkpoint.nextBatch > this.#at.nextBatch;
  }

  /** Sends the last batch. Resolves to the end of the source, when all batches are acknowledged. */
  async finish(): Promise<Checkpoint> {
    const rest = this.#cutter.rest();
    if (rest.length > 0) await this.#send(rest);
    await this.#sender.drain();
    return this.#at;
  }

  waitForSends(): Promise<void> {
    return this.#sender.waitForSends();
  }

  async #send(items: readonly SourceRecord[]): Promise<void> {
    const from = this.#at;
    this.#at = checkpointAfter(from, items);
    await this.#sender.add(batchOf(this.#job, from, this.#at, items));
  }
}

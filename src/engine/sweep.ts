import { continuationOf, planningOf } from './continuation.ts';
import { isFullyRecorded, isTerminal, type Job, type JobKey } from './job.ts';
import type { Deadline } from './ports/clock.ts';
import type { Continuations } from './ports/messaging.ts';
import type { ObjectListing } from './ports/source.ts';
import { openSegments } from './progress.ts';
import { repairDrift } from './repair.ts';
import { hasJob, jobOfObject, type ReceivedObject, type ReceiveRules } from './receive.ts';
import { announceEnd, readJob, settle, type SettlePorts } from './settle.ts';

/** A job that nobody has changed for so long may have been forgotten. Working on one that has not is harmless. */
export const STILL_AFTER_MILLISECONDS = 30_000;

/** An upload takes seconds; whoever was cut off and tries again with the same key does so soon. */
export const UPLOAD_EXPIRES_AFTER_MILLISECONDS = 60 * 60 * 1_000;

/** A day for a large file over a slow line; S3 keeps the parts of an upload no longer (a lifecycle rule of the bucket). */
export const PROMISE_EXPIRES_AFTER_MILLISECONDS = 24 * 60 * 60 * 1_000;

const UPLOAD_EXPIRED = {
  code: 'UPLOAD_EXPIRED',
  message: 'The content of the file never arrived: its upload was cut off. Upload it again.',
};

/** Time kept back for what is being tended, and for a page of objects. */
const RESERVE_MILLISECONDS = 10_000;

export interface SweepPorts extends SettlePorts {
  readonly listing: ObjectListing;
  readonly continuations: Continuations;
}

/** What a sweep can find to do. */
export type Deed =
  'expired' | 'announced' | 'started' | 'resumed' | 'settled' | 'resent' | 'repaired' | 'adopted' | 'failed';

/** How often it did what. */
export type SweepReport = Readonly<Record<Deed, number>>;

/**
 * Finds what has been forgotten, by looking at jobs, ledger and objects, never at queues: messages may be lost, those are the
 * truth. Whatever it does, others may be doing at the same time.
 */
export class Sweep {
  readonly #ports: SweepPorts;
  readonly #rules: ReceiveRules;

  constructor(ports: SweepPorts, rules: ReceiveRules) {
    this.#ports = ports;
    this.#rules = rules;
  }

  /**
   * One that cannot be tended is told to `onFailure`, and keeps no other waiting; the next sweep comes back to it, and to what
   * the deadline left.
   */
  async run(deadline: Deadline, onFailure: (reason: unknown) => void): Promise<SweepReport> {
    const report = {
      expired: 0,
      announced: 0,
      started: 0,
      resumed: 0,
      settled: 0,
      resent: 0,
      repaired: 0,
      adopted: 0,
      failed: 0,
    };
    const count = async (tending: Promise<Deed | undefined>): Promise<void> => {
      try {
        const deed = await tending;
        if (deed) report[deed] += 1;
      } catch (reason) {
        report.failed += 1;
        onFailure(reason);
      }
    };
    const before = this.#ports.clock.now() - STILL_AFTER_MILLISECONDS;
    const isLate = (): boolean => deadline.remainingMilliseconds() < RESERVE_MILLISECONDS;
    for await (const key of this.#ports.jobs.listStill(before)) {
      if (isLate()) return report;
      await count(this.#tend(key, before));
    }
    for (const object of await this.#ports.listing.nextPage(this.#rules.prefix)) await count(this.#adopt(object));
    return report;
  }

  async #adopt(object: ReceivedObject): Promise<Deed | undefined> {
    if (await hasJob(this.#rules, object)) return undefined;
    await this.#resume(await jobOfObject(this.#rules, object));
    return 'adopted';
  }

  async #tend(key: JobKey, before: number): Promise<Deed | undefined> {
    const job = await readJob(this.#ports.jobs, key);
    if (isTerminal(job)) return this.#bringToAnEnd(job);
    if (job.source.etag === undefined) return this.#start(job);
    if (job.seal) return this.#finish(job, before);
    const isRepaired = await repairDrift(this.#ports, job);
    await this.#resume(job);
    return isRepaired ? 'repaired' : 'resumed';
  }

  /** A job that has ended, but not everybody was told, or its redrive was asked for and not planned. */
  async #bringToAnEnd(job: Job): Promise<Deed> {
    await announceEnd(this.#ports, job);
    if (!job.redrive || job.redrive.isPlanned) return 'announced';
    await this.#ports.jobs.touch(job);
    await this.#ports.continuations.send(planningOf(job, job.redrive));
    return 'resumed';
  }

  /** A job that waits for an object: if that is there, its event was lost; if it has not come for long, it never will. */
  async #start(job: Job): Promise<Deed | undefined> {
    const object = await this.#ports.listing.find(job.source.key);
    if (!object) return this.#expire(job);
    await this.#resume(await jobOfObject(this.#rules, object));
    return 'started';
  }

  async #expire(job: Job): Promise<Deed | undefined> {
    const at = this.#ports.clock.now();
    const limit = job.promised ? PROMISE_EXPIRES_AFTER_MILLISECONDS : UPLOAD_EXPIRES_AFTER_MILLISECONDS;
    if (at - job.createdAt < limit) return undefined;
    const guard = { isPinned: false };
    const ended = await this.#ports.jobs.finish(job, { status: 'FAILED', at, failure: UPLOAD_EXPIRED, guard });
    await announceEnd(this.#ports, ended);
    return 'expired';
  }

  /** A sealed job whose last outcomes do not come in: something was not rolled up, not announced, or its messages are lost. */
  async #finish(job: Job, before: number): Promise<Deed | undefined> {
    const open = await this.#ports.ledger.read(openSegments(job));
    if (open.some(({ changedAt = 0 }) => changedAt >= before)) return undefined;
    if (await repairDrift(this.#ports, job)) return 'repaired';
    await settle(this.#ports, job, open);
    const settled = await readJob(this.#ports.jobs, job);
    if (isFullyRecorded(settled) || isTerminal(settled)) return 'settled';
    await this.#resume(settled);
    return 'resent';
  }

  /** In another function, which has the time. That it was asked for is noted, so that the next sweep waits for what comes of it. */
  async #resume(job: Job): Promise<void> {
    const touched = await this.#ports.jobs.touch(job);
    await this.#ports.continuations.send(continuationOf(touched, touched.seal && touched.dataStart));
  }
}

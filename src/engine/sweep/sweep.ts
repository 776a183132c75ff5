import { continuationOf, planningOf } from '../model/continuation.ts';
import { isFullyRecorded, isTerminal, type Job, type JobKey, type Recovery } from '../model/job.ts';
import type { Deadline } from '../ports/clock.ts';
import type { Continuations, QueueDepths } from '../ports/messaging.ts';
import type { ObjectListing, ReceivedObject } from '../ports/source.ts';
import { openSegments } from '../settle/progress.ts';
import { inTurn } from './in-turn.ts';
import { repairDrift } from './repair.ts';
import { hasJob, jobOfObject, withoutJob, type ReceiveRules } from '../split/receive.ts';
import { DEEP_QUEUE_MESSAGES, lackingBatches, progressNumber, stepOf, untried, type QueueSight } from './recovery.ts';
import type { SegmentRecord } from '../model/segment.ts';
import { announceCompletion, announceEnd, isEndUnannounced, rollUpAll, type SettlePorts } from '../settle/settle.ts';
import { readJob } from '../stored-jobs.ts';

/**
 * A job that was not changed for so long may be forgotten. Working on one that is not is harmless. SQS takes a minute
 * until the depth of a queue tells of the last messages sent.
 */
export const STILL_AFTER_MILLISECONDS = 60_000;

/** An upload takes seconds; whoever was cut off and tries again with the same key does so soon. */
export const UPLOAD_EXPIRES_AFTER_MILLISECONDS = 60 * 60 * 1_000;

/**
 * A day for a large file over a slow line; S3 keeps the parts of an upload no longer (a lifecycle rule of the bucket).
 */
export const PRESIGNED_EXPIRES_AFTER_MILLISECONDS = 24 * 60 * 60 * 1_000;

/**
 * How often a page of objects is kept because one of them could not be adopted: longer than a short outage, and not for
 * ever.
 */
export const PAGE_TRIES = 10;

const UPLOAD_EXPIRED = {
  code: 'UPLOAD_EXPIRED' as const,
  message: 'The content of the file never arrived: its upload was cut off. Upload it again.',
};

const MINUTE_MILLISECONDS = 60_000;
/** Time kept back for the job that is being tended. */
const RESERVE_MILLISECONDS = 10_000;
/** Time kept back for jobs while objects are adopted. */
const TENDING_MILLISECONDS = 30_000;

export interface SweepPorts extends SettlePorts {
  readonly listing: ObjectListing;
  readonly continuations: Continuations;
  readonly depths: QueueDepths;
}

/** What a sweep can find to do. */
export type SweepEffect =
  'expired' | 'announced' | 'started' | 'resumed' | 'settled' | 'resent' | 'held' | 'repaired' | 'adopted' | 'failed';

/** How often it did what. */
export type SweepReport = Readonly<Record<SweepEffect, number>>;

/** What is done is counted; what fails is told to `onFailure`, and keeps nothing else waiting. */
class Tally {
  readonly report = {
    expired: 0,
    announced: 0,
    started: 0,
    resumed: 0,
    settled: 0,
    resent: 0,
    held: 0,
    repaired: 0,
    adopted: 0,
    failed: 0,
  } satisfies SweepReport;
  readonly #onFailure: (reason: unknown) => void;

  constructor(onFailure: (reason: unknown) => void) {
    this.#onFailure = onFailure;
  }

  /** Resolves to whether nothing failed. */
  async count(tending: Promise<SweepEffect | undefined>): Promise<boolean> {
    try {
      const deed = await tending;
      if (deed) this.report[deed] += 1;
      return true;
    } catch (reason) {
      this.fail(reason);
      return false;
    }
  }

  fail(reason: unknown): void {
    this.report.failed += 1;
    this.#onFailure(reason);
  }
}

/**
 * Finds what was forgotten. Jobs, ledger and objects are the truth; messages may be lost. The depths of the queues are
 * hints: they hold a recovery back for a while, so that a sweep never feeds a backlog. Whatever a sweep does, others
 * may be doing at the same time.
 */
export class Sweep {
  readonly #ports: SweepPorts;
  readonly #rules: ReceiveRules;
  readonly #deepQueue: number;

  constructor(ports: SweepPorts, rules: ReceiveRules, deepQueue = DEEP_QUEUE_MESSAGES) {
    this.#ports = ports;
    this.#rules = rules;
    this.#deepQueue = deepQueue;
  }

  /**
   * Objects first, so that many jobs cannot keep a lost S3 event from being mended. What cannot be tended is told to
   * `onFailure`; the next sweep comes back to it. Jobs that the deadline left are among the first of one of the next
   * sweeps.
   */
  async run(deadline: Deadline, onFailure: (reason: unknown) => void): Promise<SweepReport> {
    const tally = new Tally(onFailure);
    await tally.count(this.#adoptPage(deadline, tally));
    const sight = {
      before: this.#ports.clock.now() - STILL_AFTER_MILLISECONDS,
      depths: askedOnce(this.#ports.depths),
    };
    for (const key of await this.#listStalled(sight.before, tally)) {
      if (deadline.remainingMilliseconds() < RESERVE_MILLISECONDS) break;
      await tally.count(this.#tend(key, sight));
    }
    return tally.report;
  }

  /** What was listed before a failure is tended all the same. */
  async #listStalled(before: number, tally: Tally): Promise<readonly JobKey[]> {
    const keys: JobKey[] = [];
    const list = async (): Promise<undefined> => {
      for await (const key of this.#ports.jobs.listStalled(before)) keys.push(key);
    };
    await tally.count(list());
    return inTurn(keys, Math.floor(this.#ports.clock.now() / MINUTE_MILLISECONDS));
  }

  /**
   * The page is turned once each of its objects has a job; a sweep that runs out of time leaves it to the next one.
   * What cannot be adopted keeps the page for some sweeps, and no longer: others wait behind it.
   */
  async #adoptPage(deadline: Deadline, tally: Tally): Promise<undefined> {
    const page = await this.#ports.listing.page(this.#rules.prefix);
    const missing = await withoutJob(this.#rules, page.objects, (reason) => tally.fail(reason));
    let isDone = true;
    for (const object of missing) {
      if (deadline.remainingMilliseconds() < TENDING_MILLISECONDS) return;
      isDone = (await tally.count(this.#adopt(object))) && isDone;
    }
    if (isDone || page.tries >= PAGE_TRIES) await this.#ports.listing.turn(page);
    else await this.#ports.listing.keep(page);
  }

  /** Makes the job alone. If its event was lost, it stands still a minute later, and is recovered as any other. */
  async #adopt(object: ReceivedObject): Promise<SweepEffect | undefined> {
    // What lagged behind is asked again, consistently.
    if (await hasJob(this.#rules, object)) return undefined;
    await jobOfObject(this.#rules, object);
    return 'adopted';
  }

  async #tend(key: JobKey, sight: Sight): Promise<SweepEffect | undefined> {
    const job = await readJob(this.#ports.jobs, key);
    if (isTerminal(job)) return this.#bringToAnEnd(job, sight);
    if (job.source.etag === undefined) return this.#start(job);
    if (job.seal) return this.#finish(job, sight);
    const isRepaired = await repairDrift(this.#ports, job);
    const deed = await this.#recover(job, 'resumed', await oneContinuation(sight));
    return isRepaired ? 'repaired' : deed;
  }

  /** A job that has ended, but not everybody was told, or its redrive was asked for and not planned. */
  async #bringToAnEnd(job: Job, sight: Sight): Promise<SweepEffect | undefined> {
    if (isEndUnannounced(job)) return this.#recover(job, 'announced', { send: () => announceEnd(this.#ports, job) });
    const { redrive } = job;
    if (!redrive || redrive.isPlanned) return undefined;
    const send = (noted: Job): Promise<void> => this.#ports.continuations.send(planningOf(noted, redrive));
    return this.#recover(job, 'resumed', { ...(await oneContinuation(sight)), send });
  }

  /**
   * A job that waits for an object. If that is there, it is pinned: if its event was lost, the job stands still a
   * minute later, and is recovered as any other. If it has not come for long, it never will.
   */
  async #start(job: Job): Promise<SweepEffect | undefined> {
    const object = await this.#ports.listing.find(job.source.key);
    if (!object) return this.#expire(job);
    await jobOfObject(this.#rules, object);
    return 'started';
  }

  async #expire(job: Job): Promise<SweepEffect | undefined> {
    const at = this.#ports.clock.now();
    const limit = job.presigned ? PRESIGNED_EXPIRES_AFTER_MILLISECONDS : UPLOAD_EXPIRES_AFTER_MILLISECONDS;
    if (at - job.createdAt < limit) return undefined;
    const guard = { isPinned: false };
    const ended = await this.#ports.jobs.finish(job, { status: 'FAILED', at, failure: UPLOAD_EXPIRED, guard });
    await announceEnd(this.#ports, ended);
    return 'expired';
  }

  /**
   * A sealed job whose last outcomes do not come in: something was not rolled up, not announced, or its messages are
   * lost.
   */
  async #finish(job: Job, { before, depths }: Sight): Promise<SweepEffect | undefined> {
    const open = await this.#ports.ledger.read(openSegments(job));
    if (open.some(({ changedAt = 0 }) => changedAt >= before)) return undefined;
    if (await repairDrift(this.#ports, job)) return 'repaired';
    const settled = await rollUpAll(this.#ports, job, open);
    if (isTerminal(settled)) {
      await announceEnd(this.#ports, settled);
      return 'settled';
    }
    if (isFullyRecorded(settled)) {
      // Nobody announced what was not rolled up before.
      const lacking = isFullyRecorded(job) ? 1 : Infinity;
      const send = (): Promise<void> => announceCompletion(this.#ports, settled);
      return this.#recover(settled, 'settled', { queues: [{ depth: await depths.completions(), lacking }], send });
    }
    const queues = [
      // The job as it was when its open segments were read: what was rolled up since then is in both.
      { depth: await depths.batches(), lacking: lackingBatches(job, open) },
      { depth: await depths.continuations(), lacking: Infinity },
    ];
    return this.#recover(job, 'resent', { open, queues });
  }

  /**
   * Asks for the job to go on, in another function, which has the time. Every message of a sweep goes this way. It is
   * noted on the job before the message is sent, so that the next sweep waits for what follows.
   */
  async #recover(
    job: Job,
    deed: SweepEffect,
    { open = [], queues = [], send = this.#goOn }: Partial<Need>,
  ): Promise<SweepEffect | undefined> {
    const { jobs, clock } = this.#ports;
    const sight = { now: clock.now(), progress: progressNumber(job, open), queues, deepQueue: this.#deepQueue };
    const next = stepOf(job, sight);
    if (next.step === 'wait') return undefined;
    const noted = await jobs.recover(job, job.recovery?.number ?? 0, next.recovery);
    if (next.step === 'hold') return 'held';
    // Another sweep was first, and asks.
    if (!isNoted(next.recovery, noted)) return undefined;
    try {
      await send(noted);
    } catch (reason) {
      // An outage of the queue is no try. If it can't be noted either, the wait is the longer one.
      await Promise.allSettled([jobs.recover(noted, next.recovery.number, untried(job, next.recovery))]);
      throw reason;
    }
    return deed;
  }

  readonly #goOn = (job: Job): Promise<void> =>
    this.#ports.continuations.send(
      continuationOf(job, { resendFrom: job.seal && job.dataStart, recovery: job.recovery?.number }),
    );
}

/** What one sweep goes by. */
interface Sight {
  /** Whatever changed since this instant does not stand still. */
  readonly before: number;
  readonly depths: QueueDepths;
}

/** Each depth is asked for once, when it is needed first. */
function askedOnce(depths: QueueDepths): QueueDepths {
  let [batches, continuations, completions]: Promise<number>[] = [];
  return {
    batches: () => (batches ??= depths.batches()),
    continuations: () => (continuations ??= depths.continuations()),
    completions: () => (completions ??= depths.completions()),
  };
}

/** What a job needs in order to come to its end. */
interface Need {
  /** Its segments that are not rolled up. */
  readonly open: readonly SegmentRecord[];
  /** Where that may wait already. */
  readonly queues: readonly QueueSight[];
  /** Sends it. Given the job as it is noted. */
  readonly send: (noted: Job) => Promise<void>;
}

/** A fan-out that goes on, or a redrive that is planned. */
const oneContinuation = async ({ depths }: Sight): Promise<Pick<Need, 'queues'>> => ({
  queues: [{ depth: await depths.continuations(), lacking: 1 }],
});

const isNoted = ({ number, dueAt }: Recovery, { recovery }: Job): boolean =>
  recovery?.number === number && recovery.dueAt === dueAt;

import { continuationOf, planningOf } from './continuation.ts';
import { isFullyRecorded, isTerminal, type Job, type JobKey, type Recovery } from './job.ts';
import type { Deadline } from './ports/clock.ts';
import type { Continuation, Continuations, QueueDepths } from './ports/messaging.ts';
import type { ObjectListing } from './ports/source.ts';
import { openSegments } from './progress.ts';
import { repairDrift } from './repair.ts';
import { hasJob, jobOfObject, withoutJob, type ReceivedObject, type ReceiveRules } from './receive.ts';
import { DEEP_QUEUE_MESSAGES, lackingBatches, progressNumber, stepOf } from './recovery.ts';
import type { SegmentRecord } from './segment.ts';
import { announceEnd, readJob, settle, type SettlePorts } from './settle.ts';

/**
 * A job that was not changed for so long may be forgotten. Working on one that is not is harmless. SQS takes a minute until the
 * depth of a queue tells of the last messages sent.
 */
export const STILL_AFTER_MILLISECONDS = 60_000;

/** An upload takes seconds; whoever was cut off and tries again with the same key does so soon. */
export const UPLOAD_EXPIRES_AFTER_MILLISECONDS = 60 * 60 * 1_000;

/** A day for a large file over a slow line; S3 keeps the parts of an upload no longer (a lifecycle rule of the bucket). */
export const PROMISE_EXPIRES_AFTER_MILLISECONDS = 24 * 60 * 60 * 1_000;

const UPLOAD_EXPIRED = {
  code: 'UPLOAD_EXPIRED',
  message: 'The content of the file never arrived: its upload was cut off. Upload it again.',
};

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
export type Deed =
  'expired' | 'announced' | 'started' | 'resumed' | 'settled' | 'resent' | 'held' | 'repaired' | 'adopted' | 'failed';

/** How often it did what. */
export type SweepReport = Readonly<Record<Deed, number>>;

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

  async count(tending: Promise<Deed | undefined>): Promise<void> {
    try {
      const deed = await tending;
      if (deed) this.report[deed] += 1;
    } catch (reason) {
      this.report.failed += 1;
      this.#onFailure(reason);
    }
  }
}

/**
 * Finds what was forgotten. Jobs, ledger and objects are the truth; messages may be lost. The depths of the queues are hints:
 * they hold a recovery back for a while, so that a sweep never feeds a backlog. Whatever a sweep does, others may be doing at
 * the same time.
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
   * `onFailure`; the next sweep comes back to it, and to what the deadline left.
   */
  async run(deadline: Deadline, onFailure: (reason: unknown) => void): Promise<SweepReport> {
    const tally = new Tally(onFailure);
    await tally.count(this.#adoptPage(deadline, tally));
    const sight = {
      before: this.#ports.clock.now() - STILL_AFTER_MILLISECONDS,
      depths: askedOnce(this.#ports.depths),
    };
    for await (const key of this.#ports.jobs.listStill(sight.before)) {
      if (deadline.remainingMilliseconds() < RESERVE_MILLISECONDS) break;
      await tally.count(this.#tend(key, sight));
    }
    return tally.report;
  }

  /** The page is turned once each of its objects was looked at; a sweep that runs out of time leaves it to the next one. */
  async #adoptPage(deadline: Deadline, tally: Tally): Promise<undefined> {
    const page = await this.#ports.listing.page(this.#rules.prefix);
    for (const object of await withoutJob(this.#rules, page.objects)) {
      if (deadline.remainingMilliseconds() < TENDING_MILLISECONDS) return;
      await tally.count(this.#adopt(object));
    }
    await this.#ports.listing.turn(page);
  }

  async #adopt(object: ReceivedObject): Promise<Deed | undefined> {
    // What lagged behind is asked again, consistently.
    if (await hasJob(this.#rules, object)) return undefined;
    return this.#recover(await jobOfObject(this.#rules, object), 'adopted');
  }

  async #tend(key: JobKey, sight: Sight): Promise<Deed | undefined> {
    const job = await readJob(this.#ports.jobs, key);
    if (isTerminal(job)) return this.#bringToAnEnd(job);
    if (job.source.etag === undefined) return this.#start(job);
    if (job.seal) return this.#finish(job, sight);
    const isRepaired = await repairDrift(this.#ports, job);
    const deed = await this.#recover(job, 'resumed', { depth: await sight.depths.continuations() });
    return isRepaired ? 'repaired' : deed;
  }

  /** A job that has ended, but not everybody was told, or its redrive was asked for and not planned. */
  async #bringToAnEnd(job: Job): Promise<Deed | undefined> {
    await announceEnd(this.#ports, job);
    const { redrive } = job;
    if (!redrive || redrive.isPlanned) return 'announced';
    return this.#recover(job, 'resumed', { ask: (noted) => planningOf(noted, redrive) });
  }

  /** A job that waits for an object: if that is there, its event was lost; if it has not come for long, it never will. */
  async #start(job: Job): Promise<Deed | undefined> {
    const object = await this.#ports.listing.find(job.source.key);
    if (!object) return this.#expire(job);
    return this.#recover(await jobOfObject(this.#rules, object), 'started');
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
  async #finish(job: Job, { before, depths }: Sight): Promise<Deed | undefined> {
    const open = await this.#ports.ledger.read(openSegments(job));
    if (open.some(({ changedAt = 0 }) => changedAt >= before)) return undefined;
    if (await repairDrift(this.#ports, job)) return 'repaired';
    await settle(this.#ports, job, open);
    const settled = await readJob(this.#ports.jobs, job);
    if (isFullyRecorded(settled) || isTerminal(settled)) return 'settled';
    const depth = await depths.batches();
    // The job as it was when its open segments were read: what was rolled up since then is in both.
    return this.#recover(job, 'resent', { open, lacking: lackingBatches(job, open), depth });
  }

  /**
   * Asks for the job to go on, in another function, which has the time. It is noted on the job before the message is sent, so
   * that the next sweep waits for what follows.
   */
  async #recover(job: Job, deed: Deed, needed: Partial<Need> = {}): Promise<Deed | undefined> {
    const { open, ask, ...queue }: Need = { ...ONE_MESSAGE, ...needed };
    const now = this.#ports.clock.now();
    const next = stepOf(job, { now, progress: progressNumber(job, open), deepQueue: this.#deepQueue, ...queue });
    if (next.step === 'wait') return undefined;
    const noted = await this.#ports.jobs.recover(job, job.recovery?.number ?? 0, next.recovery);
    if (next.step === 'hold') return 'held';
    // Another sweep was first, and asks.
    if (!isNoted(next.recovery, noted)) return undefined;
    await this.#ports.continuations.send(ask(noted));
    return deed;
  }
}

/** What one sweep goes by. */
interface Sight {
  /** Whatever changed since this instant does not stand still. */
  readonly before: number;
  readonly depths: QueueDepths;
}

/** Each depth is asked for once, when it is needed first. */
function askedOnce(depths: QueueDepths): QueueDepths {
  let [batches, continuations]: Promise<number>[] = [];
  return {
    batches: () => (batches ??= depths.batches()),
    continuations: () => (continuations ??= depths.continuations()),
  };
}

/** What a job needs in order to come to its end. */
interface Need {
  /** Its segments that are not rolled up. */
  readonly open: readonly SegmentRecord[];
  /** How many messages are enough. */
  readonly lacking: number;
  /** How many messages are in their queue; absent if none of the job can be. */
  readonly depth?: number;
  readonly ask: (job: Job) => Continuation;
}

const goOn = (job: Job): Continuation =>
  continuationOf(job, { resendFrom: job.seal && job.dataStart, recovery: job.recovery?.number });

const ONE_MESSAGE: Need = { open: [], lacking: 1, ask: goOn };

const isNoted = ({ number, dueAt }: Recovery, { recovery }: Job): boolean =>
  recovery?.number === number && recovery.dueAt === dueAt;

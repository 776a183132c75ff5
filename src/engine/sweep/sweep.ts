import { toPlanContinuation, toResendContinuation, toSplitContinuation } from '../model/continuation.ts';
import { isFullyRecorded, isTerminal, type Job, type JobKey, type Recovery } from '../model/job.ts';
import type { Deadline } from '../ports/clock.ts';
import type { Continuations, QueueDepths } from '../ports/messaging.ts';
import type { ObjectListing, ReceivedObject } from '../ports/source.ts';
import { openSegments } from '../settle/progress.ts';
import { repairDrift } from './repair.ts';
import { findWithoutJob, hasJob, jobOfObject, type ReceiveRules } from '../split/receive.ts';
import {
  countMissingBatches,
  decideStep,
  DEEP_QUEUE_MESSAGES,
  measureProgress,
  takeBackTry,
  type QueueState,
} from './recovery.ts';
import { rotate } from './rotate.ts';
import type { SegmentRecord } from '../model/segment.ts';
import { announceCompletion, announceEnd, isEndUnannounced, rollUpAll, type SettlePorts } from '../settle/settle.ts';
import { readJob } from '../stored-jobs.ts';

/**
 * A job that has not changed for so long may have lost its messages. A sweep over one that has not is harmless. The
 * depth of an SQS queue can lag a minute behind the messages sent.
 */
export const STILL_AFTER_MILLISECONDS = 60_000;

/** An upload takes seconds, and a caller whose request was cut off repeats it with the same key soon. */
export const UPLOAD_EXPIRES_AFTER_MILLISECONDS = 60 * 60 * 1_000;

/**
 * A large file over a slow line may take a day. A lifecycle rule of the bucket removes the parts of an older upload.
 */
export const PRESIGNED_EXPIRES_AFTER_MILLISECONDS = 24 * 60 * 60 * 1_000;

/**
 * How many sweeps keep a page of objects because they cannot adopt one of them. That outlasts a short outage, and the
 * pages behind it do not wait forever.
 */
export const PAGE_TRIES = 10;

const UPLOAD_EXPIRED = {
  code: 'UPLOAD_EXPIRED' as const,
  message: 'The content of the file never arrived: its upload was cut off. Upload it again.',
};

const MINUTE_MILLISECONDS = 60_000;
/** Time kept back for the job at hand. */
const RESERVE_MILLISECONDS = 10_000;
/** Time kept back for jobs while the sweep adopts objects. */
const JOBS_MILLISECONDS = 30_000;

export interface SweepPorts extends SettlePorts {
  readonly listing: ObjectListing;
  readonly continuations: Continuations;
  readonly depths: QueueDepths;
}

/** What a sweep can do for a job or an object. */
export type SweepAction =
  'expired' | 'announced' | 'started' | 'resumed' | 'settled' | 'resent' | 'held' | 'repaired' | 'adopted' | 'failed';

/** How often a sweep took each action. */
export type SweepReport = Readonly<Record<SweepAction, number>>;

/** Counts the actions of a sweep. A failed one is reported to `onFailure` and stops no other. */
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

  /** Waits for an action and counts it. Resolves to whether it succeeded. */
  async count(action: Promise<SweepAction | undefined>): Promise<boolean> {
    try {
      const taken = await action;
      if (taken) this.report[taken] += 1;
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
 * Finds jobs and objects whose messages were lost. Jobs, ledger and objects are the truth. The depths of the queues are
 * hints: they hold a recovery back for a while, so that a sweep never feeds a backlog. Other functions, and other
 * sweeps, may be at work on the same jobs.
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
   * Looks at objects first, so that many jobs cannot delay the repair of a lost S3 event. A failure is reported to
   * `onFailure`, and the next sweep tries again. A job that this sweep has no time for comes first in a later one.
   */
  async run(deadline: Deadline, onFailure: (reason: unknown) => void): Promise<SweepReport> {
    const tally = new Tally(onFailure);
    await tally.count(this.#adoptPage(deadline, tally));
    const context = {
      before: this.#ports.clock.now() - STILL_AFTER_MILLISECONDS,
      depths: cacheDepths(this.#ports.depths),
    };
    for (const key of await this.#listJobs(context.before, tally)) {
      if (deadline.remainingMilliseconds() < RESERVE_MILLISECONDS) break;
      await tally.count(this.#sweepJob(key, context));
    }
    return tally.report;
  }

  /** Lists the jobs without a recent change; after a failure, those that were listed before it. */
  async #listJobs(before: number, tally: Tally): Promise<readonly JobKey[]> {
    const keys: JobKey[] = [];
    const list = async (): Promise<undefined> => {
      for await (const key of this.#ports.jobs.listStalled(before)) keys.push(key);
    };
    await tally.count(list());
    return rotate(keys, Math.floor(this.#ports.clock.now() / MINUTE_MILLISECONDS));
  }

  /**
   * Makes a job for each object of a page that has none, then turns the page. A sweep that runs out of time leaves the
   * page to the next one. An object that cannot be adopted keeps the page for {@link PAGE_TRIES} sweeps.
   */
  async #adoptPage(deadline: Deadline, tally: Tally): Promise<undefined> {
    const page = await this.#ports.listing.page(this.#rules.prefix);
    const missing = await findWithoutJob(this.#rules, page.objects, (reason) => tally.fail(reason));
    let isDone = true;
    for (const object of missing) {
      if (deadline.remainingMilliseconds() < JOBS_MILLISECONDS) return;
      isDone = (await tally.count(this.#adopt(object))) && isDone;
    }
    if (isDone || page.tries >= PAGE_TRIES) await this.#ports.listing.turn(page);
    else await this.#ports.listing.keep(page);
  }

  /**
   * Makes only the job of an object. If the event was lost, the job makes no progress, and a later sweep recovers it
   * like any other.
   */
  async #adopt(object: ReceivedObject): Promise<SweepAction | undefined> {
    // The earlier reads may have lagged behind; this one is consistent.
    if (await hasJob(this.#rules, object)) return undefined;
    await jobOfObject(this.#rules, object);
    return 'adopted';
  }

  async #sweepJob(key: JobKey, context: Context): Promise<SweepAction | undefined> {
    const job = await readJob(this.#ports.jobs, key);
    if (isTerminal(job)) return this.#sweepEnded(job, context);
    if (job.source.etag === undefined) return this.#start(job);
    if (job.seal) return this.#finish(job, context);
    const isRepaired = await repairDrift(this.#ports, job);
    const action = await this.#recover(job, 'resumed', await oneContinuation(context));
    return isRepaired ? 'repaired' : action;
  }

  /** Announces the end of a job that has ended, or has its redrive planned, if either is still to be done. */
  async #sweepEnded(job: Job, context: Context): Promise<SweepAction | undefined> {
    if (isEndUnannounced(job)) return this.#recover(job, 'announced', { send: () => announceEnd(this.#ports, job) });
    const { redrive } = job;
    if (!redrive || redrive.isPlanned) return undefined;
    const send = (noted: Job): Promise<void> => this.#ports.continuations.send(toPlanContinuation(noted, redrive));
    return this.#recover(job, 'resumed', { ...(await oneContinuation(context)), send });
  }

  /**
   * Pins the object that a job waits for, if it is stored. If its event was lost, the job makes no progress, and a
   * later sweep recovers it like any other. Without the object the job ends after a time.
   */
  async #start(job: Job): Promise<SweepAction | undefined> {
    const object = await this.#ports.listing.find(job.source.key);
    if (!object) return this.#expire(job);
    await jobOfObject(this.#rules, object);
    return 'started';
  }

  async #expire(job: Job): Promise<SweepAction | undefined> {
    const at = this.#ports.clock.now();
    const limit = job.presigned ? PRESIGNED_EXPIRES_AFTER_MILLISECONDS : UPLOAD_EXPIRES_AFTER_MILLISECONDS;
    if (at - job.createdAt < limit) return undefined;
    const guard = { isPinned: false };
    const ended = await this.#ports.jobs.finish(job, { status: 'FAILED', at, failure: UPLOAD_EXPIRED, guard });
    await announceEnd(this.#ports, ended);
    return 'expired';
  }

  /**
   * Does what a sealed job lacks. A segment was not rolled up, its completion was not announced, or messages of its
   * batches are lost.
   */
  async #finish(job: Job, { before, depths }: Context): Promise<SweepAction | undefined> {
    const open = await this.#ports.ledger.read(openSegments(job));
    if (open.some(({ changedAt = 0 }) => changedAt >= before)) return undefined;
    if (await repairDrift(this.#ports, job)) return 'repaired';
    const settled = await rollUpAll(this.#ports, job, open);
    if (isTerminal(settled)) {
      await announceEnd(this.#ports, settled);
      return 'settled';
    }
    if (isFullyRecorded(settled)) {
      // Before the last segment was rolled up, the completion could not be announced, so no event of it is queued.
      const lacking = isFullyRecorded(job) ? 1 : Infinity;
      const send = (): Promise<void> => announceCompletion(this.#ports, settled);
      return this.#recover(settled, 'settled', { queues: [{ depth: await depths.completions(), lacking }], send });
    }
    const queues = [
      // The job as it was when its open segments were read: what was rolled up since then is in both.
      { depth: await depths.batches(), lacking: countMissingBatches(job, open) },
      { depth: await depths.continuations(), lacking: Infinity },
    ];
    return this.#recover(job, 'resent', { open, queues });
  }

  /**
   * Sends the message that lets another function continue with the job. Every message of a sweep goes this way. The
   * recovery is noted on the job first, so that the next sweep waits for its result.
   */
  async #recover(
    job: Job,
    action: SweepAction,
    { open = [], queues = [], send = this.#continue }: Partial<Need>,
  ): Promise<SweepAction | undefined> {
    const { jobs, clock } = this.#ports;
    const progress = measureProgress(job, open);
    const next = decideStep(job, { now: clock.now(), progress, queues, deepQueue: this.#deepQueue });
    if (next.step === 'wait') return undefined;
    const noted = await jobs.recover(job, job.recovery?.number ?? 0, next.recovery);
    if (next.step === 'hold') return 'held';
    // Another sweep noted its recovery first, and sends the message.
    if (!isNoted(next.recovery, noted)) return undefined;
    try {
      await send(noted, next.recovery.number);
    } catch (reason) {
      // A message that an outage of the queue refused is no try. If that cannot be noted, the sweep only waits longer.
      await Promise.allSettled([jobs.recover(noted, next.recovery.number, takeBackTry(job, next.recovery))]);
      throw reason;
    }
    return action;
  }

  readonly #continue = (job: Job, recovery: number): Promise<void> =>
    this.#ports.continuations.send(
      job.seal && job.dataStart
        ? toResendContinuation(job, job.dataStart, recovery)
        : toSplitContinuation(job, recovery),
    );
}

/** What holds for all jobs of one sweep. */
interface Context {
  /** A job or a segment that changed since this instant makes progress. */
  readonly before: number;
  readonly depths: QueueDepths;
}

/** Asks for each depth once, when it is first needed. */
function cacheDepths(depths: QueueDepths): QueueDepths {
  let [batches, continuations, completions]: Promise<number>[] = [];
  return {
    batches: () => (batches ??= depths.batches()),
    continuations: () => (continuations ??= depths.continuations()),
    completions: () => (completions ??= depths.completions()),
  };
}

/** The message that a job needs. */
interface Need {
  /** The segments that are not rolled up. */
  readonly open: readonly SegmentRecord[];
  /** The queues in which the message may already wait. */
  readonly queues: readonly QueueState[];
  /** Sends the message, given the job as it is noted and the number of its recovery. */
  readonly send: (noted: Job, recovery: number) => Promise<void>;
}

/** The queue of a need that one continuation meets. */
const oneContinuation = async ({ depths }: Context): Promise<Pick<Need, 'queues'>> => ({
  queues: [{ depth: await depths.continuations(), lacking: 1 }],
});

const isNoted = ({ number, dueAt }: Recovery, { recovery }: Job): boolean =>
  recovery?.number === number && recovery.dueAt === dueAt;

import {
  isTerminal,
  MESSAGES_LIVE_MILLISECONDS,
  segmentKey,
  segmentOf,
  type Batch,
  type Continuation,
  type Job,
  type ObjectPage,
  type Recovery,
} from '../../../src/engine/index.ts';
import { TENANT } from './file.ts';
import type { UploadMessage } from './invocations.ts';
import type { Process } from './process.ts';
import type { SimulatedMessage, SimulatedQueue } from './queue.ts';
import type { Stores, VirtualClock } from './store.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Changes of a job after which the sweep begins to wait anew. */
const PROGRESS = new Set(['jobs.start', 'jobs.seal', 'jobs.close', 'jobs.finish', 'jobs.reopen', 'jobs.claimRedrive']);

export interface Watched {
  readonly stores: Stores;
  readonly clock: VirtualClock;
  readonly batches: SimulatedQueue<Batch>;
  readonly deepQueue: number;
}

/** What the watch remembers of one job. */
class Trail {
  /** Grows with every message sent, every batch recorded and every move of the checkpoint. */
  version = 0;
  /** Grows with what is recorded and split. */
  progress = 0;
  sentAt = 0;
  asked = { at: -Infinity, progress: -1, tries: 0 };
  /** The latest copy of each batch. */
  readonly copies = new Map<number, number>();
}

/** The trails as they were when a sweep began: it may have read anything since then. */
type Before = ReadonlyMap<string, Pick<Trail, 'version' | 'progress'>>;

interface Sight {
  readonly before: Before;
  readonly decidedAt: number;
}

interface Asked {
  readonly before: Before;
  readonly isAsking: boolean;
  /** When a sweep asked the last time before. */
  readonly askedBefore: number;
  /** The depth of the queue, as this sweep was told it. */
  readonly told: number;
}

/**
 * L6, the sweep never feeds a backlog: looks at every call of every process. It knows all queues, which the sweep does not, so
 * it only judges a process of whose job nothing has changed since the process began.
 */
export class BacklogWatch {
  readonly violations: string[] = [];
  readonly #watched: Watched;
  readonly #trails = new Map<string, Trail>();

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  /** Follows any process; those that follow a certain kind look closer. */
  follow(process: Process): void {
    process.observe = (call, [first, second], result) => this.#note(call, first, result, second);
  }

  /** Follows a sweep. */
  followSweep(process: Process): void {
    const before: Before = new Map(
      [...this.#trails].map(([jobId, { version, progress }]) => [jobId, { version, progress }]),
    );
    const looked = new Map<string, string>();
    let isAsking = false;
    let told = 0;
    let askedBefore = -Infinity;
    // The sweep decides after the call before.
    let decidedAt = this.#watched.clock.now();
    process.observe = (call, [first, second, third], result) => {
      this.#note(call, first, result, second);
      if (call === 'jobs.recover') {
        askedBefore = this.#trail((result as Job).jobId).asked.at;
        isAsking = this.#isAsking(result as Job, second as number, third as Recovery, { before, decidedAt });
      }
      if (call === 'listing.page') for (const { key, etag } of (result as ObjectPage).objects) looked.set(key, etag);
      if (call === 'listing.turn' && !process.hasFailed) this.#checkTurn(looked);
      if (call === 'depths.batches') told = result as number;
      if (call === 'continuations.send')
        this.#checkRecovery(first as Continuation, { before, isAsking, askedBefore, told });
      decidedAt = this.#watched.clock.now();
    };
  }

  /** Follows a fan-out. */
  followFanOut(process: Process, { body, receiveCount }: SimulatedMessage<UploadMessage>): void {
    const continuation = 'continue' in body ? body.continue : undefined;
    const isAsked = continuation?.recovery !== undefined && !continuation.resendFrom && !continuation.redrive;
    let isNeedless = isAsked && receiveCount === 1 && hasMoved(this.#job(continuation.jobId), continuation);
    process.observe = (call, [first, second], result) => {
      this.#note(call, first, result, second);
      if (call === 'jobs.advance' && isAsked) isNeedless ||= isOvertaken(result as Job, second);
      if (call === 'batches.send' && isNeedless) {
        this.violations.push(`L6: a second chain of fan-outs sends batches of job ${continuation?.jobId}`);
      }
    };
  }

  /** Follows a worker. */
  followWorker(process: Process, messages: readonly SimulatedMessage<Batch>[]): void {
    const isIdle = messages.every((message) => this.#isNeedless(message));
    process.observe = (call, [first, second], result) => {
      this.#note(call, first, result, second);
      const isWork = call.startsWith('tasks.') || call === 'failures.keep';
      if (isIdle && isWork) this.violations.push(`L6: a copy that nobody needs is processed: ${call}`);
    };
  }

  /** A worker is done with a message: its batch has its outcome, or nobody wants one. */
  checkDone({ body: { jobId, batch, recovery } }: SimulatedMessage<Batch>): void {
    const job = this.#job(jobId);
    const isWanted =
      job !== undefined && !isTerminal(job) && !this.#recorded(job, segmentOf(job.cut, batch)).has(batch);
    if (isWanted && (recovery ?? Infinity) >= (job.resent ?? 0)) {
      this.violations.push(`L2: batch ${batch} of job ${jobId} is dropped`);
    }
  }

  #isNeedless({ body: { jobId, batch, recovery }, receiveCount }: SimulatedMessage<Batch>): boolean {
    const job = this.#job(jobId);
    if (recovery === undefined || receiveCount > 1 || !job) return false;
    return recovery < (job.resent ?? 0) || this.#recorded(job, segmentOf(job.cut, batch)).has(batch);
  }

  #note(call: string, first: unknown, result: unknown, second?: unknown): void {
    if (call === 'batches.send') for (const batch of first as readonly Batch[]) this.#noteSent(batch);
    if (call === 'ledger.record' && (result as { recorded: boolean }).recorded)
      this.#noteProgress((first as { runId: string }).runId);
    if (call === 'jobs.advance' && !isOvertaken(result as Job, second)) this.#noteProgress((result as Job).jobId);
    if (PROGRESS.has(call)) this.#noteProgress((result as Job).jobId);
    if (call === 'jobs.markResent') this.#checkResent(result as Job);
  }

  #noteSent({ jobId, batch, recovery = 0 }: Batch): void {
    const trail = this.#trail(jobId);
    trail.version += 1;
    // Two fan-outs at once send the same batches twice, and copies are sent some time after they were asked for.
    if (!trail.copies.has(batch)) trail.sentAt = this.#watched.clock.now();
    trail.copies.set(batch, Math.max(recovery, trail.copies.get(batch) ?? 0));
  }

  #noteProgress(jobId: string): void {
    const trail = this.#trail(jobId);
    trail.version += 1;
    trail.progress += 1;
  }

  /** Copies of earlier recoveries are dropped from now on, so each lacking batch needs one of this. */
  #checkResent(job: Job): void {
    const { copies } = this.#trail(job.jobId);
    const unsent = this.#lacking(job).filter((batch) => (copies.get(batch) ?? 0) < (job.resent ?? 0));
    if (unsent.length > 0) this.violations.push(`L6: batches ${unsent.join(', ')} are not sent again, as is noted`);
  }

  #checkTurn(looked: ReadonlyMap<string, string>): void {
    const { objects, jobs } = this.#watched.stores;
    const known = new Set(jobs.all().map(({ source: { key, etag } }) => `${key} ${etag ?? objects.read(key)?.etag}`));
    for (const [key, etag] of looked) {
      const isStored = objects.read(key)?.etag === etag;
      if (isStored && !known.has(`${key} ${etag}`)) this.violations.push(`L1: object ${key} was passed over`);
    }
  }

  #checkRecovery({ jobId, resendFrom }: Continuation, { before, isAsking, askedBefore, told }: Asked): void {
    if (!isAsking) this.violations.push(`L6: job ${jobId} is recovered by two sweeps at once`);
    const trail = this.#trail(jobId);
    const job = this.#job(jobId);
    const isUnchanged = trail.version === (before.get(jobId)?.version ?? 0);
    const since = Math.max(trail.sentAt, askedBefore);
    if (job && resendFrom && isUnchanged && this.#isWaiting(job, this.#watched.clock.now() - since, told)) {
      this.violations.push(`L6: job ${jobId} is sent again, though all that it lacks waits in the queue`);
    }
  }

  /** Whether this sweep is the one that asks. It waits twice as long with each try. */
  #isAsking({ jobId, recovery: stored }: Job, from: number, { number, dueAt }: Recovery, sight: Sight): boolean {
    if (number === from || stored?.number !== number || stored.dueAt !== dueAt) return false;
    const trail = this.#trail(jobId);
    const now = this.#watched.clock.now();
    const { at, progress, tries } = trail.asked;
    const hasProgress = trail.progress > progress;
    if (!hasProgress && now < at + Math.min(HOUR, MINUTE * 2 ** (tries - 1))) {
      this.violations.push(`L6: job ${jobId} is recovered again ${now - at} ms after the last time`);
    }
    const before = sight.before.get(jobId)?.progress ?? 0;
    trail.asked = { at: sight.decidedAt, progress: before, tries: hasProgress ? 1 : tries + 1 };
    return true;
  }

  #isWaiting(job: Job, milliseconds: number, toldDepth: number): boolean {
    const { batches, deepQueue } = this.#watched;
    const live = new Set(batches.bodies.filter(({ jobId }) => jobId === job.jobId).map(({ batch }) => batch));
    const limit = toldDepth > deepQueue ? MESSAGES_LIVE_MILLISECONDS : HOUR;
    return milliseconds < limit && this.#lacking(job).every((batch) => live.has(batch));
  }

  #lacking(job: Job): number[] {
    const count = job.seal?.batchCount ?? job.checkpoint.nextBatch;
    return Array.from({ length: count }, (_, batch) => batch).filter(
      (batch) => !this.#recorded(job, segmentOf(job.cut, batch)).has(batch),
    );
  }

  #recorded(job: Job, segment: number): ReadonlySet<number> {
    return this.#watched.stores.ledger.segment(segmentKey(job, segment)).batches;
  }

  #job(jobId: string): Job | undefined {
    return this.#watched.stores.jobs.peek({ tenant: TENANT, jobId });
  }

  #trail(jobId: string): Trail {
    const trail = this.#trails.get(jobId) ?? new Trail();
    this.#trails.set(jobId, trail);
    return trail;
  }
}

const isBeingSplit = (job: Job | undefined): job is Job => job?.status === 'IN_PROGRESS' && !job.seal;

const hasMoved = (job: Job | undefined, { nextBatch }: Continuation): boolean =>
  isBeingSplit(job) && job.checkpoint.nextBatch > nextBatch;

const isOvertaken = (job: Job, checkpoint: unknown): boolean =>
  isBeingSplit(job) && job.checkpoint.nextBatch > (checkpoint as { nextBatch: number }).nextBatch;

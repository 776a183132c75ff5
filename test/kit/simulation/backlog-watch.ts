import {
  isTerminal,
  MESSAGES_LIVE_MILLISECONDS,
  PAGE_TRIES,
  segmentKey,
  segmentOf,
  type Batch,
  type Continuation,
  type Job,
  type JobEvent,
  type JobKey,
  type ObjectPage,
  type RecordResult,
  type Recovery,
  type SegmentKey,
  type SplitContinuation,
} from '../../../src/engine/index.ts';
import { TENANT } from './file.ts';
import type { UploadMessage } from './invocations.ts';
import type { Process } from './process.ts';
import type { SimulatedMessage, SimulatedQueue } from './queue.ts';
import type { Stores, VirtualClock } from './store.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Changes of a job after which the sweep begins its waits again. */
const PROGRESS = new Set([
  'jobs.start',
  'jobs.seal',
  'jobs.close',
  'jobs.finish',
  'jobs.reopen',
  'jobs.reserveRedrive',
]);

export interface Watched {
  readonly stores: Stores;
  readonly clock: VirtualClock;
  readonly batches: SimulatedQueue<Batch>;
  readonly uploads: SimulatedQueue<UploadMessage>;
  readonly completions: SimulatedQueue<JobKey>;
  readonly deepQueue: number;
}

const MESSAGES = new Set(['continuations.send', 'announcer.announce']);

/** Calls that advance the fan-out of a job, or that come too late and change nothing. */
const MOVES = new Set(['jobs.create', 'jobs.start', 'jobs.advance', 'jobs.seal', 'jobs.reopen']);

interface AskedLast {
  readonly at: number;
  readonly progress: number;
  readonly tries: number;
}

/** What the watch remembers about one job. */
class Trail {
  /** Grows with every message sent, every batch recorded and every move of the checkpoint. */
  version = 0;
  /** Grows with every batch recorded and with every step of the fan-out. */
  progress = 0;
  sentAt = 0;
  /** The instants at which its fan-out last advanced, and at which a batch was last recorded. */
  movedAt = -Infinity;
  /** The states that its fan-out has been in. */
  readonly states = new Set<string>();
  recordedAt = -Infinity;
  asked: AskedLast = { at: -Infinity, progress: -1, tries: 0 };
  /** The latest copy of each batch. */
  readonly copies = new Map<number, number>();
}

/** The trails as they were when a sweep began. The sweep may have read any state since then. */
type Before = ReadonlyMap<string, Pick<Trail, 'version' | 'progress'>>;

interface Sight {
  readonly before: Before;
  readonly decidedAt: number;
}

/** The job of which a sweep has noted a recovery, and for which it now sends messages. */
interface Asking {
  readonly jobId: string;
  readonly number: number;
  /** The recovery before this one. */
  readonly last: AskedLast;
}

interface Noting extends Sight {
  readonly asking: Asking | undefined;
}

interface Asked {
  readonly before: Before;
  readonly asking: Asking | undefined;
  /** The depths of the queues that this sweep has read. */
  readonly depths: Readonly<Record<string, number>>;
}

/**
 * Checks L6, that the sweep never feeds a backlog, at every call of every process. The watch knows all queues, which
 * the sweep does not. So it checks a process only if its job has not changed since the process began.
 */
export class BacklogWatch {
  readonly violations: string[] = [];
  readonly #watched: Watched;
  readonly #trails = new Map<string, Trail>();

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  /** Follows any process. The methods for one kind of process check more. */
  follow(process: Process): void {
    process.observe = (call, args, result) => this.#note(call, args, result);
  }

  /** Follows a sweep. */
  followSweep(process: Process): void {
    const before: Before = new Map(
      [...this.#trails].map(([jobId, { version, progress }]) => [jobId, { version, progress }]),
    );
    const looked = new Map<string, string>();
    const depths: Record<string, number> = {};
    let asking: Asking | undefined;
    // The sweep takes its decision right after the previous call.
    let decidedAt = this.#watched.clock.now();
    process.observe = (call, args, result) => {
      this.#checkSent(call, args[0], { before, asking, depths });
      this.#note(call, args, result);
      if (call === 'jobs.recover') asking = this.#asking(result as Job, args, { before, decidedAt, asking });
      if (call === 'listing.page') for (const { key, etag } of (result as ObjectPage).objects) looked.set(key, etag);
      if (call === 'listing.turn' && (args[0] as ObjectPage).tries < PAGE_TRIES) this.#checkTurn(looked);
      if (call.startsWith('depths.')) depths[call] = result as number;
      decidedAt = this.#watched.clock.now();
    };
  }

  /** Follows a fan-out. */
  followFanOut(process: Process, { body, receiveCount }: SimulatedMessage<UploadMessage>): void {
    const continuation = 'continue' in body ? body.continue : undefined;
    const isAsked = continuation?.kind === 'split' && continuation.recovery !== undefined;
    let isNeedless = isAsked && receiveCount === 1 && hasMoved(this.#job(continuation.jobId), continuation);
    process.observe = (call, args, result) => {
      this.#note(call, args, result);
      if (call === 'jobs.advance' && isAsked) isNeedless ||= isOvertaken(result as Job, args[1]);
      if (call === 'batches.send' && isNeedless) {
        this.violations.push(`L6: a second chain of fan-outs sends batches of job ${continuation?.jobId}`);
      }
    };
  }

  /** Follows a worker. */
  followWorker(process: Process, messages: readonly SimulatedMessage<Batch>[]): void {
    const isIdle = messages.every((message) => this.#isNeedless(message));
    process.observe = (call, args, result) => {
      this.#note(call, args, result);
      const isWork = call.startsWith('tasks.') || call === 'failures.keep';
      if (isIdle && isWork) this.violations.push(`L6: a needless copy is processed: ${call}`);
    };
  }

  /** Checks a message that a worker is done with: its batch has its outcome, or needs none. */
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

  #note(call: string, [first]: readonly unknown[], result: unknown): void {
    if (call === 'batches.send') for (const batch of first as readonly Batch[]) this.#noteSent(batch);
    if (MESSAGES.has(call)) this.#trail((first as JobKey).jobId).version += 1;
    if (call === 'ledger.record') this.#noteRecorded(first as SegmentKey, result as RecordResult);
    if (call.startsWith('jobs.')) this.#noteChange(call, result as Job);
  }

  #noteChange(call: string, job: Job): void {
    const isMove = MOVES.has(call) && this.#noteMove(job);
    if (PROGRESS.has(call) || (call === 'jobs.advance' && isMove)) this.#noteProgress(job.jobId);
    if (call === 'jobs.markResent') this.#checkResent(job);
  }

  #noteRecorded({ runId }: SegmentKey, { recorded }: RecordResult): void {
    if (recorded) this.#noteProgress(runId).recordedAt = this.#watched.clock.now();
  }

  #noteSent({ jobId, batch, recovery = 0 }: Batch): void {
    const trail = this.#trail(jobId);
    trail.version += 1;
    // Two fan-outs at once send the same batches twice, and copies are sent some time after the recovery is noted.
    if (!trail.copies.has(batch)) trail.sentAt = this.#watched.clock.now();
    trail.copies.set(batch, Math.max(recovery, trail.copies.get(batch) ?? 0));
  }

  #noteProgress(jobId: string): Trail {
    const trail = this.#trail(jobId);
    trail.version += 1;
    trail.progress += 1;
    return trail;
  }

  /** Returns whether the fan-out of the job has reached a new state. */
  #noteMove({ jobId, attempt, startedAt, checkpoint: { nextBatch }, seal }: Job): boolean {
    const trail = this.#trail(jobId);
    const state = JSON.stringify([attempt, startedAt !== undefined, nextBatch, seal !== undefined]);
    if (trail.states.has(state)) return false;
    trail.states.add(state);
    trail.movedAt = this.#watched.clock.now();
    return true;
  }

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

  #checkSent(call: string, message: unknown, asked: Asked): void {
    if (call === 'continuations.send') this.#checkRecovery(message as Continuation, asked);
    if (call === 'announcer.announce') this.#checkAnnouncement(message as JobEvent, asked);
  }

  #checkRecovery({ kind, jobId }: Continuation, { before, asking, depths }: Asked): void {
    const depth = depths['depths.continuations'] ?? this.#watched.uploads.depth;
    const last = this.#checkAsking(jobId, asking);
    const job = this.#job(jobId);
    if (!job || !this.#isUnchanged(jobId, before)) return;
    const { sentAt, movedAt } = this.#trail(jobId);
    if (
      kind === 'resend' &&
      this.#waitsInBatches(job, Math.max(sentAt, last), depths['depths.batches'] ?? this.#watched.batches.depth)
    ) {
      this.violations.push(`L6: job ${jobId} is sent again, though all that it lacks waits in the queue`);
    }
    const isThere = kind !== 'resend' && this.#watched.uploads.bodies.some((body) => isAbout(body, job));
    if (this.#isBelieved(Math.max(movedAt, last), depth, isThere)) {
      this.violations.push(`L6: job ${jobId} is asked for again, though its message still waits for a splitter`);
    }
  }

  #checkAnnouncement({ kind, jobId }: JobEvent, { before, asking, depths }: Asked): void {
    if (kind !== 'completed') return;
    const last = this.#checkAsking(jobId, asking);
    const { movedAt, recordedAt } = this.#trail(jobId);
    const { completions } = this.#watched;
    const isThere = completions.bodies.some((event) => event.jobId === jobId);
    const since = Math.max(movedAt, recordedAt, last);
    const isBelieved = this.#isBelieved(since, depths['depths.completions'] ?? completions.depth, isThere);
    if (isBelieved && this.#isUnchanged(jobId, before)) {
      this.violations.push(`L6: job ${jobId} is announced again, though its event still waits for the completer`);
    }
  }

  /** Returns the instant at which a sweep last recovered the job before. */
  #checkAsking(jobId: string, asking: Asking | undefined): number {
    if (asking?.jobId === jobId) return asking.last.at;
    this.violations.push(`L6: job ${jobId} is recovered by two sweeps at once, or without a note`);
    return -Infinity;
  }

  #isUnchanged(jobId: string, before: Before): boolean {
    return this.#trail(jobId).version === (before.get(jobId)?.version ?? 0);
  }

  /**
   * Whether a sweep that reads this depth must assume that a message waits, or that another message would only make the
   * queue longer.
   */
  #isBelieved(since: number, reportedDepth: number, isThere: boolean): boolean {
    const isDeep = reportedDepth > this.#watched.deepQueue;
    const limit = isDeep ? MESSAGES_LIVE_MILLISECONDS : HOUR;
    return this.#watched.clock.now() - since < limit && (isDeep || (isThere && reportedDepth > 0));
  }

  /**
   * Returns what a sweep sends after it has noted a recovery. A sweep that cannot send takes the recovery back.
   */
  #asking(stored: Job, [, from, recovery]: readonly unknown[], { asking, ...sight }: Noting): Asking | undefined {
    const { jobId } = stored;
    const trail = this.#trail(jobId);
    if (asking?.jobId === jobId && asking.number === from) trail.asked = asking.last;
    const last = trail.asked;
    const isAsking = this.#isAsking(stored, from as number, recovery as Recovery, sight);
    return isAsking ? { jobId, number: (recovery as Recovery).number, last } : undefined;
  }

  /** Whether this sweep is the one that recovers the job. It waits twice as long with each try. */
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

  #waitsInBatches(job: Job, since: number, reportedDepth: number): boolean {
    const { batches, deepQueue, clock } = this.#watched;
    const live = new Set(batches.bodies.filter(({ jobId }) => jobId === job.jobId).map(({ batch }) => batch));
    const limit = reportedDepth > deepQueue ? MESSAGES_LIVE_MILLISECONDS : HOUR;
    return clock.now() - since < limit && this.#lacking(job).every((batch) => live.has(batch));
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

const hasMoved = (job: Job | undefined, { nextBatch }: SplitContinuation): boolean =>
  isBeingSplit(job) && job.checkpoint.nextBatch > nextBatch;

const isOvertaken = (job: Job, checkpoint: unknown): boolean =>
  isBeingSplit(job) && job.checkpoint.nextBatch > (checkpoint as { nextBatch: number }).nextBatch;

/** Whether a message would advance the fan-out of a job. */
const isAbout = (body: UploadMessage, { jobId, source: { key, etag } }: Job): boolean =>
  'continue' in body ? body.continue.jobId === jobId : body.object.key === key && body.object.etag === etag;

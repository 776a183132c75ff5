import {
  complete,
  FanOut,
  jobOfObject,
  Processor,
  Sweep,
  type Batch,
  type Continuation,
  type JobDefinition,
  type JobKey,
} from '../../../src/engine/index.ts';
import { MemoryJobs, MemoryLedger, MemoryObjects } from '../memory/index.ts';
import { MessageQueue, type TimedMessage } from './message-queue.ts';

const MINUTE = 60_000;
const PREFIX = 'uploads/';

/** What five functions of each kind do on a new table: docs/scale.md has where the rates come from. */
const SPLITTERS = 5;
const WORKERS = 5;
const MESSAGES_PER_INVOCATION = 10;
const SPLIT_MS = 1_000 / 940;
const PROCESS_MS = (1_000 * WORKERS) / 160;
const DROP_MS = (1_000 * WORKERS) / 1_000;
const SPLITTER_TIMEOUT_MS = 30_000;
const LIMITS = {
  batchesPerSend: 10,
  sendsInFlight: 8,
  reserveMilliseconds: 5_000,
  failuresPerPage: 1_000,
  manifestBytes: 1_000_000,
};
/** One row stands for the rows of a message. */
const CUT = { itemsPerBatch: 1, batchesPerSegment: 100, batchBytes: 60 * 1024 };
const ROW = 'x\n';
/** The messages of one read of 8 MiB. */
const MESSAGES_PER_PIECE = 8_000;

export interface Load {
  readonly files: number;
  readonly messagesPerFile: number;
  /** The files are uploaded evenly over so many minutes. */
  readonly uploadMinutes: number;
  /** From the last upload on, no worker takes messages for so long. */
  readonly stallMinutes: number;
  readonly sweep: boolean;
  /** Absent: the depths of the queues are told as they are. */
  readonly toldDepth?: number;
}

export interface LoadResult {
  readonly messages: number;
  readonly continuations: number;
  readonly deepest: number;
  /** When every file was complete and no message was left. */
  readonly doneMinutes: number;
}

type Upload = { readonly key: JobKey } | { readonly continuation: Continuation };

/**
 * A service under load in virtual time: the engine's own splitter, worker and sweep on stores in memory. Each invocation has its
 * effects when it begins, and holds its place for as long as it would take.
 */
export class LoadedService {
  readonly #load: Load;
  readonly #clock = { now: () => this.#now };
  readonly #jobs = new MemoryJobs(this.#clock);
  readonly #ledger = new MemoryLedger(this.#clock);
  readonly #objects = new MemoryObjects(MESSAGES_PER_PIECE * ROW.length);
  readonly #uploads = new MessageQueue<Upload>();
  readonly #batches = new MessageQueue<Batch>();
  readonly #splitters = Array.from({ length: SPLITTERS }, () => 0);
  readonly #workers: number[];
  #sending: TimedMessage<Batch>[] = [];
  #inFlight: { readonly until: number; readonly messages: number }[] = [];
  #applied = 0;
  #completed = 0;
  #deepest = 0;
  #now = 0;

  constructor(load: Load) {
    this.#load = load;
    const stallFrom = load.uploadMinutes * MINUTE;
    // A stall from the beginning would differ by the minute of the uploads alone.
    this.#workers = Array.from({ length: WORKERS }, () =>
      load.stallMinutes > 0 ? stallFrom + load.stallMinutes * MINUTE : 0,
    );
  }

  async run(): Promise<LoadResult> {
    await this.#uploadAll();
    let sweepAt = this.#load.sweep ? MINUTE : Infinity;
    for (;;) {
      const next = {
        splitter: this.#nextOf(this.#uploads, this.#splitters),
        worker: this.#nextOf(this.#batches, this.#workers),
      };
      if (this.#completed === this.#load.files && Math.min(next.splitter, next.worker) === Infinity) break;
      this.#now = Math.min(next.splitter, next.worker, sweepAt);
      if (this.#now === Infinity)
        throw new Error(`${this.#completed} of ${this.#load.files} files are complete, and nothing is left to do`);
      if (this.#now === sweepAt) {
        await this.#sweep();
        sweepAt += MINUTE;
      } else if (this.#now === next.splitter) await this.#split();
      else await this.#process();
      this.#deepest = Math.max(this.#deepest, this.#batches.depth(this.#now));
    }
    const doneMs = Math.max(...this.#workers, ...this.#splitters);
    return {
      messages: this.#batches.sent,
      continuations: this.#uploads.sent - this.#load.files,
      deepest: this.#deepest,
      doneMinutes: Math.round((doneMs / MINUTE) * 100) / 100,
    };
  }

  async #uploadAll(): Promise<void> {
    const { files, messagesPerFile, uploadMinutes } = this.#load;
    const bytes = Buffer.from(`name\n${ROW.repeat(messagesPerFile)}`);
    const rules = { jobs: this.#jobs, clock: this.#clock, cut: CUT, prefix: PREFIX, tenant: 'default' };
    for (let file = 0; file < files; file++) {
      this.#now = (file / files) * uploadMinutes * MINUTE;
      const key = `${PREFIX}${file}.csv`;
      await this.#objects.put(key, bytes);
      const job = await jobOfObject(rules, { bucket: 'uploads-bucket', key, ...this.#objects.version(key) });
      this.#uploads.add([{ body: { key: job }, sentAt: this.#now }]);
    }
  }

  /** When the next message can be taken. */
  #nextOf(queue: MessageQueue<unknown>, freeAt: readonly number[]): number {
    return Math.max(queue.firstAt, Math.min(...freeAt));
  }

  async #split(): Promise<void> {
    const slot = this.#splitters.indexOf(Math.min(...this.#splitters));
    const beganAt = this.#now;
    const [upload] = this.#uploads.take(beganAt, 1);
    const deadline = { remainingMilliseconds: () => SPLITTER_TIMEOUT_MS - (this.#now - beganAt) };
    const fanOut = new FanOut(this.#ports, noEffect(() => undefined).columns, LIMITS);
    if ('key' in upload!) await fanOut.run(upload.key, deadline);
    else await fanOut.resume(upload!.continuation, deadline);
    this.#batches.add(this.#sending);
    this.#sending = [];
    this.#splitters[slot] = this.#now + DROP_MS;
    this.#now = beganAt;
  }

  async #process(): Promise<void> {
    const slot = this.#workers.indexOf(Math.min(...this.#workers));
    const batches = this.#batches.take(this.#now, MESSAGES_PER_INVOCATION);
    this.#applied = 0;
    const deliveries = batches.map((batch, id) => ({ messageId: String(id), batch, isRepeated: false }));
    const definition = noEffect(() => (this.#applied += 1));
    const undone = await new Processor(this.#ports, definition).process(deliveries, {
      remainingMilliseconds: () => 10_000,
    });
    if (undone.length > 0) throw undone[0]!.reason;
    const until = this.#now + this.#applied * PROCESS_MS + (batches.length - this.#applied) * DROP_MS;
    this.#workers[slot] = until;
    this.#inFlight.push({ until, messages: batches.length });
  }

  async #sweep(): Promise<void> {
    const rules = { jobs: this.#jobs, clock: this.#clock, cut: CUT, prefix: PREFIX, tenant: 'default' };
    await new Sweep(this.#ports, rules).run({ remainingMilliseconds: () => 50_000 }, (reason) => {
      throw reason;
    });
  }

  get #ports() {
    return {
      jobs: this.#jobs,
      ledger: this.#ledger,
      failures: this.#ledger,
      sources: this.#objects,
      manifests: this.#objects,
      listing: this.#objects,
      clock: this.#clock,
      batches: { send: async (batches: readonly Batch[]) => this.#send(batches) },
      continuations: {
        send: async (continuation: Continuation) => this.#uploads.add([{ body: { continuation }, sentAt: this.#now }]),
      },
      depths: {
        batches: async () => this.#depth(),
        continuations: async () => this.#uploads.depth(this.#now),
        completions: async () => 0,
      },
      announcer: { announce: (job: JobKey) => this.#complete(job) },
    };
  }

  #send(batches: readonly Batch[]): void {
    for (const body of batches) {
      this.#now += SPLIT_MS;
      this.#sending.push({ body, sentAt: this.#now });
    }
  }

  #depth(): number {
    this.#inFlight = this.#inFlight.filter(({ until }) => until > this.#now);
    const inFlight = this.#inFlight.reduce((sum, { messages }) => sum + messages, 0);
    return this.#load.toldDepth ?? this.#batches.depth(this.#now) + inFlight;
  }

  async #complete({ tenant, jobId }: JobKey): Promise<void> {
    const before = await this.#jobs.read({ tenant, jobId });
    await complete(this.#ports, { tenant, jobId });
    if (before?.status !== 'COMPLETED') this.#completed += 1;
  }
}

/** The effect of a row is counted, and nothing else. */
const noEffect = (onRow: () => void): JobDefinition<string> => ({
  columns: [{ name: 'name', required: true }],
  decide: ([name = '']) => ({ row: name }),
  apply: async (_, rows) => rows.forEach(onRow),
  applied: async (_, indexes) => new Set(indexes),
  voidItems: async () => new Set(),
  restoreItems: async () => undefined,
});

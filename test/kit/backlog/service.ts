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
  type QueueDepths,
  type ReceivedObject,
} from '../../../src/engine/index.ts';
import { MemoryContents, MemoryJobs, MemoryLedger, MemoryObjects } from '../memory/index.ts';
import { PREFIX, TENANT } from '../simulation/file.ts';
import { Functions } from './functions.ts';
import { MessageQueue, type TimedMessage } from './message-queue.ts';
import { uploadsOf, type UploadLoad } from './uploads.ts';

const MINUTE = 60_000;

/**
 * The rates at which the functions of each kind work on a new table, as many at once as are deployed. docs/scale.md
 * gives the sources of the rates.
 */
const SPLITTERS = 2;
const WORKERS = 5;
const COMPLETERS = 2;
const SPLIT_MS = 1_000 / 940;
const PROCESS_MS = (1_000 * WORKERS) / 160;
const DROP_MS = (1_000 * WORKERS) / 1_000;
/** Some ten calls: by a splitter before its first message, by a completer for each event and its report. */
const OPEN_MS = 100;
const COMPLETE_MS = 100;
const SPLITTER_TIMEOUT_MS = 30_000;
const WORKER_TIMEOUT_MS = 10_000;
const DIES_ONCE_IN = 200;
const LIMITS = {
  batchesPerSend: 10,
  sendsInFlight: 8,
  reserveMilliseconds: 5_000,
  failuresPerPage: 1_000,
  manifestBytes: 1_000_000,
};
/** One row represents all rows of a message. */
const CUT = { itemsPerBatch: 1, batchesPerSegment: 100, batchBytes: 60 * 1024 };
const ROW = 'x\n';
/** The messages of one read of 8 MiB. */
const MESSAGES_PER_PIECE = 8_000;

export const KINDS = ['splitters', 'workers', 'completers'] as const;
export type Kind = (typeof KINDS)[number];

export interface Load extends UploadLoad {
  /** The functions that take no messages for `stallMinutes`, from the last upload on. */
  readonly stalled: readonly Kind[];
  readonly stallMinutes: number;
  readonly sweep: boolean;
  /** The depth that each queue reports. Absent: the depth of a minute before. */
  readonly reportedDepth?: number;
}

/** The number of messages that were ever sent to each queue. */
export interface Sent {
  readonly uploads: number;
  readonly batches: number;
  readonly completions: number;
}

export interface LoadResult {
  readonly sent: Sent;
  /** The minute at which every file was complete and no message was left. */
  readonly doneMinutes: number;
}

type Upload = { readonly object: ReceivedObject } | { readonly continuation: Continuation };

/**
 * A service under load in virtual time: the engine's own splitter, worker, completer and sweep on stores in memory.
 * Each invocation has its effects when it begins, and occupies a function for as long as it would take.
 */
export class LoadedService {
  readonly #load: Load;
  readonly #clock = { now: () => this.#now };
  readonly #jobs = new MemoryJobs(this.#clock);
  readonly #ledger = new MemoryLedger(this.#clock);
  readonly #objects = new MemoryObjects(MESSAGES_PER_PIECE * ROW.length);
  readonly #rules = { jobs: this.#jobs, clock: this.#clock, cut: CUT, prefix: PREFIX, tenant: TENANT };
  readonly #uploads = new MessageQueue<Upload>();
  readonly #batches = new MessageQueue<Batch>();
  readonly #completions = new MessageQueue<JobKey>();
  #sending: TimedMessage<Batch>[] = [];
  #reported: Sent = { uploads: 0, batches: 0, completions: 0 };
  #applied = 0;
  #completed = 0;
  #now = 0;

  constructor(load: Load) {
    this.#load = load;
  }

  async run(): Promise<LoadResult> {
    const arriving = [...uploadsOf(this.#load, CUT)];
    const count = arriving.length;
    const functions = this.#functions();
    let sweepAt = this.#load.sweep ? MINUTE : Infinity;
    for (;;) {
      const next = functions.reduce((first, one) => (one.nextAt < first.nextAt ? one : first));
      const uploadAt = arriving[0]?.at ?? Infinity;
      const at = Math.min(next.nextAt, uploadAt);
      if (at === Infinity && this.#completed === count) break;
      this.#now = Math.min(at, sweepAt);
      if (this.#now === Infinity)
        throw new Error(`${this.#completed} of ${count} files are complete, and nothing is left`);
      if (this.#now === sweepAt) {
        await this.#sweep();
        sweepAt += MINUTE;
      } else if (this.#now === uploadAt) await this.#upload(arriving.shift()!);
      else await next.invoke(this.#now);
    }
    const doneMs = Math.max(...functions.map(({ endAt }) => endAt));
    return {
      sent: { uploads: this.#uploads.sent, batches: this.#batches.sent, completions: this.#completions.sent },
      doneMinutes: Math.round((doneMs / MINUTE) * 100) / 100,
    };
  }

  /** The functions, in the order in which an idle service would invoke them. */
  #functions(): readonly Pick<Functions<unknown>, 'nextAt' | 'endAt' | 'invoke'>[] {
    const { uploadMinutes, stallMinutes, stalled } = this.#load;
    const setting = (kind: Kind, slots: number, messagesPerInvocation: number, visibilitySeconds: number) => {
      // A stall from the beginning would differ only by the minute of the uploads.
      const opensAt = stalled.includes(kind) ? (uploadMinutes + stallMinutes) * MINUTE : 0;
      return { slots, messagesPerInvocation, visibilitySeconds, opensAt, diesOnceIn: DIES_ONCE_IN };
    };
    return [
      new Functions(this.#completions, setting('completers', COMPLETERS, 10, 180), (events) =>
        this.#completeAll(events),
      ),
      new Functions(this.#batches, setting('workers', WORKERS, 10, 60), (batches) => this.#process(batches)),
      new Functions(this.#uploads, setting('splitters', SPLITTERS, 1, 180), ([upload]) => this.#split(upload!)),
    ];
  }

  async #upload({ at, key, messages, job }: ReturnType<typeof uploadsOf>[number]): Promise<void> {
    if (job) await this.#jobs.create(job);
    await this.#objects.put(key, Buffer.from(`name\n${ROW.repeat(messages)}`));
    const object = { bucket: 'uploads-bucket', key, ...this.#objects.version(key) };
    this.#uploads.add([{ body: { object }, sentAt: at }]);
  }

  async #split({ body, isRepeated }: TimedMessage<Upload>): Promise<number> {
    const beganAt = this.#now;
    const deadline = { remainingMilliseconds: () => SPLITTER_TIMEOUT_MS - (this.#now - beganAt) };
    const fanOut = new FanOut(this.#ports, noEffect(() => undefined).columns, LIMITS);
    this.#now += OPEN_MS;
    if ('object' in body) await fanOut.run(await jobOfObject(this.#rules, body.object), deadline);
    else await fanOut.resume(body.continuation, deadline, isRepeated);
    this.#batches.add(this.#sending);
    this.#sending = [];
    const took = this.#now - beganAt;
    this.#now = beganAt;
    return took;
  }

  async #process(messages: readonly TimedMessage<Batch>[]): Promise<number> {
    this.#applied = 0;
    const deliveries = messages.map(({ body, isRepeated = false }, id) => ({
      messageId: String(id),
      batch: body,
      isRepeated,
    }));
    const definition = noEffect(() => (this.#applied += 1));
    const undone = await new Processor(this.#ports, definition).process(deliveries, {
      remainingMilliseconds: () => WORKER_TIMEOUT_MS,
    });
    if (undone.length > 0) throw undone[0]!.reason;
    return this.#applied * PROCESS_MS + (messages.length - this.#applied) * DROP_MS;
  }

  async #completeAll(events: readonly TimedMessage<JobKey>[]): Promise<number> {
    for (const { body } of events) {
      const before = await this.#jobs.read(body);
      await complete(this.#ports, body);
      if (before?.status !== 'COMPLETED') this.#completed += 1;
    }
    return events.length * COMPLETE_MS;
  }

  async #sweep(): Promise<void> {
    await new Sweep({ ...this.#ports, depths: this.#depths }, this.#rules).run(
      { remainingMilliseconds: () => 50_000 },
      (reason) => {
        throw reason;
      },
    );
    const now = this.#now;
    this.#reported = {
      uploads: this.#uploads.depth(now),
      batches: this.#batches.depth(now),
      completions: this.#completions.depth(now),
    };
  }

  /** SQS takes up to a minute to report a change. */
  get #depths(): QueueDepths {
    const { reportedDepth } = this.#load;
    const { uploads, batches, completions } = this.#reported;
    return {
      batches: async () => reportedDepth ?? batches,
      continuations: async () => reportedDepth ?? uploads,
      completions: async () => reportedDepth ?? completions,
    };
  }

  get #ports() {
    return {
      jobs: this.#jobs,
      ledger: this.#ledger,
      failures: this.#ledger,
      sources: this.#objects,
      manifests: this.#objects,
      listing: this.#objects,
      contents: new MemoryContents(),
      clock: this.#clock,
      batches: { send: async (batches: readonly Batch[]) => this.#send(batches) },
      continuations: {
        send: async (continuation: Continuation) => this.#uploads.add([{ body: { continuation }, sentAt: this.#now }]),
      },
      announcer: {
        announce: async ({ tenant, jobId }: JobKey) =>
          this.#completions.add([{ body: { tenant, jobId }, sentAt: this.#now }]),
      },
    };
  }

  #send(batches: readonly Batch[]): void {
    for (const body of batches) {
      this.#now += SPLIT_MS;
      this.#sending.push({ body, sentAt: this.#now });
    }
  }
}

/** A job definition whose only effect is to count a row. */
const noEffect = (onRow: () => void): JobDefinition<string> => ({
  columns: [{ name: 'name', required: true }],
  decide: ([name = '']) => ({ row: name }),
  apply: async (_, rows) => rows.forEach(onRow),
  applied: async (_, indexes) => new Set(indexes),
  voidItems: async () => new Set(),
  restoreItems: async () => undefined,
});

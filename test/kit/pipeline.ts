import {
  cancel,
  complete,
  FanOut,
  Processor,
  redrive,
  remainingFailures,
  firstFailure,
  type Deadline,
  type ItemFailure,
  type Job,
  type JobDefinition,
} from '../../src/engine/index.ts';
import { aClock, aCut, aDelivery, aJob, CREATED_AT, Names } from './factories.ts';
import { PLENTY } from './fan-out.ts';
import { MemoryContents, MemoryJobs, MemoryLedger, MemoryMessaging, MemoryObjects } from './memory/index.ts';

const LIMITS = {
  batchesPerSend: 2,
  sendsInFlight: 2,
  reserveMilliseconds: 100,
  failuresPerPage: 2,
  manifestBytes: 1_000,
};

/** A file of names, and the whole engine in memory to process it, message by message. */
export class Pipeline {
  readonly jobs = new MemoryJobs();
  readonly ledger = new MemoryLedger();
  readonly messaging = new MemoryMessaging();
  readonly objects: MemoryObjects;
  readonly names = new Names();
  readonly job: Job;
  readonly #definition: JobDefinition<unknown>;

  private constructor(job: Job, pieceBytes: number, definition?: JobDefinition<unknown>) {
    this.job = job;
    this.objects = new MemoryObjects(pieceBytes);
    this.#definition = definition ?? this.names;
  }

  /** Uploads a file and processes nothing yet. Two names make a batch, two batches a segment. */
  static open(names: readonly string[]): Promise<Pipeline> {
    return Pipeline.ofText(['name', ...names, ''].join('\n'));
  }

  /** Uploads any text, to be read in pieces of `pieceBytes`. The definition is that of names, unless one is given. */
  static async ofText<Row>(
    text: string | Uint8Array,
    definition?: JobDefinition<Row>,
    pieceBytes = 16,
    changes: Partial<Job> = {},
  ): Promise<Pipeline> {
    const { key } = aJob().source;
    const pipeline = new Pipeline(aJob({ cut: aCut(), ...changes }), pieceBytes, definition);
    await pipeline.objects.put(key, Buffer.from(text));
    await pipeline.jobs.create({ ...pipeline.job, source: { key, ...pipeline.objects.version(key) } });
    return pipeline;
  }

  get ports() {
    const { jobs, ledger, objects, messaging } = this;
    const { batches, continuations, announcer } = messaging;
    const clock = aClock(CREATED_AT + 5_000);
    return {
      jobs,
      ledger,
      failures: ledger,
      sources: objects,
      manifests: objects,
      batches,
      continuations,
      contents: new MemoryContents(),
      announcer,
      clock,
    };
  }

  get fanOut(): FanOut {
    return new FanOut(this.ports, this.#definition.columns, LIMITS);
  }

  async stored(): Promise<Job> {
    return (await this.jobs.read(this.job))!;
  }

  /** Splits, and delivers every message until none is left. */
  async run(deadline: Deadline = PLENTY): Promise<Job> {
    await this.fanOut.run(await this.stored(), deadline);
    return this.deliver(deadline);
  }

  async deliver(deadline: Deadline = PLENTY): Promise<Job> {
    const { sentContinuations, sentBatches, announced } = this.messaging;
    const events = announced.length;
    let completed = 0;
    while (sentContinuations.length + sentBatches.length > 0 || completed < announced.length) {
      for (const one of sentContinuations.splice(0)) await this.fanOut.resume(one, deadline);
      const deliveries = sentBatches.splice(0).map((batch) => aDelivery(batch));
      await new Processor(this.ports, this.#definition).process(deliveries, deadline);
      for (const { kind, tenant, jobId } of announced.slice(Math.max(events, completed))) {
        if (kind === 'completed') await complete(this.ports, { tenant, jobId });
      }
      completed = announced.length;
    }
    return this.stored();
  }

  redrive(codes?: readonly string[]): Promise<Job> {
    return redrive(this.ports, this.job, codes);
  }

  cancel(): Promise<Job> {
    return cancel(this.ports, this.job);
  }

  /** The remaining failures: index and code. */
  async remaining(): Promise<[number, string][]> {
    const failures: ItemFailure[] = [];
    for await (const page of remainingFailures(this.ports, await this.stored(), firstFailure(), 2)) {
      failures.push(...page.failures);
    }
    return failures.map(({ index, code }) => [index, code]);
  }
}

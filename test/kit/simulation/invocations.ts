import {
  cancel,
  complete,
  DeadLetters,
  FanOut,
  FanOutDeadLetters,
  jobOfObject,
  NotCancellableError,
  NotRedrivableError,
  Processor,
  redrive,
  Sweep,
  UnknownJobError,
  type Announcer,
  type Batch,
  type BatchQueue,
  type Continuation,
  type Continuations,
  type CutRule,
  type Deadline,
  type FanOutLimits,
  type JobDefinition,
  type JobKey,
  type QueueDepths,
  type ReceivedObject,
} from '../../../src/engine/index.ts';
import { TASK_COLUMNS, taskImport, uploadTaskFile } from '../../../src/tasks/index.ts';
import { MemoryContents } from '../memory/index.ts';
import { PREFIX, TENANT, type Target } from './file.ts';
import type { Process } from './process.ts';
import type { SimulatedMessage } from './queue.ts';
import type { Stores, VirtualClock } from './store.ts';

/** A message that must come again, and why. */
export interface UndoneMessage {
  readonly id: number;
  readonly reason: unknown;
}

export type UploadMessage = { readonly object: ReceivedObject } | { readonly continue: Continuation };
export type CallerRequest =
  | { readonly upload: Target; readonly number: number }
  | { readonly cancel: JobKey }
  | { readonly redrive: JobKey; readonly codes?: readonly string[] };

/** The code and the configuration that are deployed at a moment. */
export interface Deployed {
  readonly cut: CutRule;
  /** The rules that replace those of the task import. */
  readonly decide?: JobDefinition<unknown>['decide'];
}

export interface Surroundings extends Stores {
  readonly clock: VirtualClock;
  readonly batches: BatchQueue;
  readonly continuations: Continuations;
  readonly depths: QueueDepths;
  readonly deepQueue: number;
  readonly announcer: Announcer;
  readonly limits: FanOutLimits;
  readonly deployed: Deployed;
}

/** Runs the use cases as the functions in `src/functions` do when they are invoked. */
export class Invocations {
  readonly #world: Surroundings;

  constructor(world: Surroundings) {
    this.#world = world;
  }

  async fanOut(
    process: Process,
    { body, receiveCount }: SimulatedMessage<UploadMessage>,
    isHurried: boolean,
  ): Promise<void> {
    const deadline = { remainingMilliseconds: () => (isHurried ? 0 : Infinity) };
    const ports = this.#ports(process);
    const rules = this.#rules(process);
    const fanOut = new FanOut(ports, TASK_COLUMNS, this.#world.limits);
    if ('continue' in body) await fanOut.resume(body.continue, deadline, receiveCount > 1);
    else await fanOut.run(await jobOfObject(rules, body.object), deadline);
  }

  async splitDeadLetter(
    process: Process,
    { body }: SimulatedMessage<UploadMessage>,
    checks: number,
    isHurried: boolean,
  ): Promise<void> {
    const ports = this.#ports(process);
    const fanOut = new FanOut(ports, TASK_COLUMNS, this.#world.limits);
    const splitting = { remainingMilliseconds: () => (isHurried ? 0 : Infinity) };
    const deadLetters = new FanOutDeadLetters(ports, {
      resume: (continuation, _, isRepeated) => fanOut.resume(continuation, splitting, isRepeated),
    });
    if ('continue' in body) return deadLetters.handle(body.continue, deadlineAfter(checks));
    const { tenant, jobId } = await jobOfObject(this.#rules(process), body.object);
    return deadLetters.handle({ kind: 'split', tenant, jobId, nextBatch: 0, attempt: 0 }, deadlineAfter(checks));
  }

  /**
   * Resolves to the messages that must come again. `checks`: how often the worker may check its time before that is
   * nearly up.
   */
  async process(
    process: Process,
    messages: readonly SimulatedMessage<Batch>[],
    checks: number,
  ): Promise<readonly UndoneMessage[]> {
    const deliveries = messages.map(({ id, body, receiveCount }) => ({
      messageId: String(id),
      batch: body,
      isRepeated: receiveCount > 1,
    }));
    const processor = new Processor(this.#ports(process), this.#definition(process));
    const undone = await processor.process(deliveries, deadlineAfter(checks));
    return undone.map(({ messageId, reason }) => ({ id: Number(messageId), reason }));
  }

  async processDeadLetter(process: Process, { body }: SimulatedMessage<Batch>, checks: number): Promise<void> {
    await new DeadLetters(this.#ports(process), this.#definition(process)).process(body, deadlineAfter(checks));
  }

  async complete(process: Process, key: JobKey): Promise<void> {
    await complete(this.#ports(process), key);
  }

  async sweep(process: Process): Promise<void> {
    await new Sweep(this.#ports(process), this.#rules(process), this.#world.deepQueue).run(
      { remainingMilliseconds: () => Infinity },
      () => void (process.hasFailed = true),
    );
  }

  async serve(process: Process, request: CallerRequest): Promise<void> {
    if ('upload' in request) return this.#upload(process, request.upload, request.number);
    try {
      if ('cancel' in request) await cancel(this.#ports(process), request.cancel);
      else await redrive(this.#ports(process), request.redrive, request.codes);
    } catch (error) {
      // A request that comes too late, or too early, is refused. That is a response, not a failure.
      const isRefusal = [NotCancellableError, NotRedrivableError, UnknownJobError].some(
        (kind) => error instanceof kind,
      );
      if (!isRefusal) throw error;
    }
  }

  async #upload(process: Process, { fileName, text, tolerance }: Target, number: number): Promise<void> {
    const uploads = process.through('uploads', this.#world.objects);
    const ids = { newId: () => '' };
    await uploadTaskFile(
      { ...this.#ports(process), uploads, ids, cut: this.#world.deployed.cut },
      {
        tenant: TENANT,
        fileName,
        bytes: Buffer.from(text),
        idempotencyKey: `request-${number}`,
        ...(tolerance && { tolerance }),
      },
    );
  }

  #ports(process: Process) {
    const { jobs, ledger, tries, objects, batches, continuations, depths, announcer, clock } = this.#world;
    return {
      jobs: process.through('jobs', jobs),
      ledger: process.through('ledger', ledger),
      failures: process.through('failures', ledger),
      tries: process.through('tries', tries),
      sources: process.through('sources', objects),
      listing: process.through('listing', objects),
      manifests: process.through('manifests', objects),
      batches: process.through('batches', batches),
      continuations: process.through('continuations', continuations),
      // Each content occurs once here, and nothing depends on a match.
      contents: new MemoryContents(),
      depths: process.through('depths', depths),
      announcer: process.through('announcer', announcer),
      clock,
    };
  }

  #rules(process: Process) {
    const { jobs, clock, deployed } = this.#world;
    return { jobs: process.through('jobs', jobs), clock, cut: deployed.cut, prefix: PREFIX, tenant: TENANT };
  }

  #definition(process: Process): JobDefinition<unknown> {
    const { tasks, deployed } = this.#world;
    const definition = taskImport(process.through('tasks', tasks)) as JobDefinition<unknown>;
    return { ...definition, ...(deployed.decide && { decide: deployed.decide }) };
  }
}

const deadlineAfter = (checks: number): Deadline => {
  let left = checks;
  return { remainingMilliseconds: () => (left-- > 0 ? Infinity : 0) };
};

import {
  complete,
  FanOut,
  jobOfObject,
  Processor,
  type Batch,
  type CutRule,
  type FanOutLimits,
  type JobDefinition,
  type JobKey,
  type ReceivedObject,
} from '../../../src/engine/index.ts';
import { TASK_COLUMNS, taskImport } from '../../../src/tasks/index.ts';
import { MemoryJobs, MemoryLedger, MemoryMessaging, MemoryObjects, MemoryTasks } from '../memory/index.ts';
import type { Dice } from './dice.ts';
import { Process } from './process.ts';
import { SimulatedQueue, type SimulatedMessage } from './queue.ts';

export const TENANT = 'default';
export const BUCKET = 'uploads-bucket';
export const PREFIX = 'uploads/';

export interface WorldOptions {
  readonly cut: CutRule;
  readonly limits: FanOutLimits;
  readonly pieceBytes: number;
}

type UploadMessage = { readonly object: ReceivedObject } | { readonly continue: JobKey };
type Rules = JobDefinition<unknown>['decide'];

/** A process with the messages it received; it holds them until their visibility ends. */
interface Running {
  readonly process: Process;
  isZombie: boolean;
  release(): void;
}

/**
 * The pipeline on in-memory ports: the engine's real code, every port call of which is a step. Steps, deliveries and faults
 * come in an order that dice decide.
 */
export class World {
  readonly tasks = new MemoryTasks();
  readonly jobs = new MemoryJobs();
  readonly ledger = new MemoryLedger();
  readonly objects: MemoryObjects;
  readonly messaging = new MemoryMessaging();
  readonly uploads = new SimulatedQueue<UploadMessage>();
  readonly batches = new SimulatedQueue<Batch>();
  readonly completions = new SimulatedQueue<JobKey>();
  /** Rules of the code that runs now; a deployment changes them for the processes that start after it. */
  rules: Rules | undefined;
  /** Percent of fan-out invocations that find their time nearly gone. */
  hurryPercent = 0;

  readonly #options: WorldOptions;
  readonly #dice: Dice;
  #running: Running[] = [];
  #processes = 0;
  #now = 1_000;
  #taken = { batches: 0, continuations: 0, announced: 0 };

  constructor(dice: Dice, options: WorldOptions) {
    this.#dice = dice;
    this.#options = options;
    this.objects = new MemoryObjects(options.pieceBytes);
  }

  get running(): readonly Running[] {
    return this.#running;
  }

  get isQuiet(): boolean {
    return this.#running.length + this.uploads.size + this.batches.size + this.completions.size === 0;
  }

  /** Puts an object into the store and tells of it. */
  async put(key: string, text: string): Promise<void> {
    await this.objects.put(key, Buffer.from(text));
    this.notify(key);
  }

  notify(key: string): void {
    this.uploads.send({ object: { bucket: BUCKET, key, ...this.objects.version(key) } });
  }

  /** Lets one process do its next port call. */
  async step(running: Running, turn: Parameters<Process['resume']>[0]): Promise<void> {
    running.process.resume(turn);
    await this.#settle();
  }

  /** The process stops between two calls; its messages come back. */
  kill(running: Running): void {
    running.process.kill();
    running.release();
    this.#running = this.#running.filter((one) => one !== running);
  }

  /** The visibility of its messages ends while the process goes on: a zombie. */
  expire(running: Running): void {
    running.release();
    running.isZombie = true;
  }

  async deliverUpload(): Promise<void> {
    const message = this.uploads.receive(this.#dice.roll(this.uploads.size));
    await this.#start(this.uploads, [message], async (process) => {
      await this.#fanOut(process, message.body);
      return [];
    });
  }

  /** One to three batches in one invocation. */
  async deliverBatches(): Promise<void> {
    const count = Math.min(this.batches.size, 1 + this.#dice.roll(3));
    const messages = Array.from({ length: count }, () => this.batches.receive(this.#dice.roll(this.batches.size)));
    await this.#start(this.batches, messages, async (process) => {
      const deliveries = messages.map(({ id, body, receiveCount }) => ({
        messageId: String(id),
        batch: body,
        isRepeated: receiveCount > 1,
      }));
      const undone = await this.#processor(process).process(deliveries);
      return undone.map(({ messageId }) => Number(messageId));
    });
  }

  async deliverCompletion(): Promise<void> {
    const message = this.completions.receive(this.#dice.roll(this.completions.size));
    await this.#start(this.completions, [message], async (process) => {
      await complete({ jobs: process.through('jobs', this.jobs), clock: this }, message.body);
      return [];
    });
  }

  now(): number {
    this.#now += 1;
    return this.#now;
  }

  /** Runs an invocation; what it does not name as undone is deleted, unless its visibility has ended by then. */
  async #start<Body>(
    queue: SimulatedQueue<Body>,
    messages: readonly SimulatedMessage<Body>[],
    invoke: (process: Process) => Promise<readonly number[]>,
  ): Promise<void> {
    const process = new Process(this.#processes++);
    let held = messages;
    const release = (): void => {
      for (const message of held) queue.putBack(message);
      held = [];
    };
    this.#running.push({ process, isZombie: false, release });
    const finish = (undone: readonly number[] | 'all'): void => {
      held = held.filter(({ id }) => undone === 'all' || undone.includes(id));
      release();
      process.isDone = true;
    };
    // An invocation that throws leaves all of its messages in the queue, as in Lambda.
    void invoke(process).then(finish, () => finish('all'));
    await this.#settle();
  }

  async #fanOut(process: Process, message: UploadMessage): Promise<void> {
    const jobs = process.through('jobs', this.jobs);
    const isHurried = this.#dice.chance(this.hurryPercent);
    const deadline = { remainingMilliseconds: () => (isHurried ? 0 : Infinity) };
    const ports = {
      jobs,
      ledger: process.through('ledger', this.ledger),
      sources: process.through('sources', this.objects),
      batches: process.through('batches', this.messaging.batches),
      continuations: process.through('continuations', this.messaging.continuations),
      announcer: process.through('announcer', this.messaging.announcer),
      clock: this,
    };
    const fanOut = new FanOut(ports, TASK_COLUMNS, this.#options.limits);
    if ('continue' in message) return fanOut.run(message.continue, deadline);
    const rules = { jobs, clock: this, cut: this.#options.cut, prefix: PREFIX, tenant: TENANT };
    return fanOut.run(await jobOfObject(rules, message.object), deadline);
  }

  #processor(process: Process): Processor<unknown> {
    const ledger = process.through('ledger', this.ledger);
    const failures = process.through('failures', this.ledger);
    const jobs = process.through('jobs', this.jobs);
    const announcer = process.through('announcer', this.messaging.announcer);
    const definition = taskImport(process.through('tasks', this.tasks)) as JobDefinition<unknown>;
    return new Processor(
      { jobs, ledger, failures, announcer },
      { ...definition, ...(this.rules && { decide: this.rules }) },
    );
  }

  /** Lets every process run up to its next port call, and hands on what was sent. */
  async #settle(): Promise<void> {
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    this.#running = this.#running.filter(({ process }) => !process.isDone);
    const { sentBatches, sentContinuations, announced } = this.messaging;
    for (const batch of sentBatches.slice(this.#taken.batches)) this.batches.send(batch);
    for (const key of sentContinuations.slice(this.#taken.continuations)) this.uploads.send({ continue: key });
    for (const event of announced.slice(this.#taken.announced)) {
      if (event.kind === 'completed') this.completions.send({ tenant: event.tenant, jobId: event.jobId });
    }
    this.#taken = { batches: sentBatches.length, continuations: sentContinuations.length, announced: announced.length };
  }
}

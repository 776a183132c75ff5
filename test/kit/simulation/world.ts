import { MAX_RECEIVE_COUNT, PARK_TRIED_RECEIVE_COUNT, retryAfterSeconds } from '../../../src/contract/index.ts';
import {
  TAKE_BACK_ROUNDS,
  OutOfTimeError,
  type Batch,
  type JobEvent,
  type JobKey,
  type PinnedSource,
  type ReceivedObject,
} from '../../../src/engine/index.ts';
import { BacklogWatch } from './backlog-watch.ts';
import { Deaths } from './deaths.ts';
import type { Dice } from './dice.ts';
import { KILLER, TENANT, type Target } from './file.ts';
import {
  Invocations,
  type Deployed,
  type CallerRequest,
  type Surroundings,
  type UndoneMessage,
  type UploadMessage,
} from './invocations.ts';
import { NO_FAULTS, type Faults, type Plan } from './plan.ts';
import { InjectedError, Process, type Turn, type Waiting } from './process.ts';
import { SimulatedQueue, type SimulatedMessage } from './queue.ts';
import { Stores } from './store.ts';

const MINUTE = 60_000;
/** The time after which the message of a receiver that died comes again. */
const VISIBILITY = MINUTE;
/** The number of receives of a dead letter until it is parked. */
const TRIED_RECEIVES = PARK_TRIED_RECEIVE_COUNT - MAX_RECEIVE_COUNT;
/** Histories begin in 2020, so that instants look like instants. */
const BEGINNING = 1_577_836_800_000;

/** A process with the messages that it received. It holds them until their visibility timeout ends. */
export interface Running {
  readonly process: Process;
  isZombie: boolean;
  /** The process sleeps before this step, unless nothing else is left to do. */
  wakesAt: number;
  release(visibleAt: number): void;
}

/** A queue and the function that reads it. */
interface Subscription {
  readonly queue: SimulatedQueue<unknown>;
  readonly most: number;
  /** The function takes no messages before this instant. */
  readonly opensAt: number;
  readonly run: (process: Process, messages: readonly SimulatedMessage<unknown>[]) => Promise<readonly UndoneMessage[]>;
}

/** The messages that must come again, or all that were received, with the reasons. */
type Undone = readonly UndoneMessage[] | { readonly all: { readonly reason: unknown } };

const NOTHING_UNDONE: readonly UndoneMessage[] = [];

/**
 * The pipeline on in-memory ports. It runs the engine's real code, and each port call is a step. Dice decide the order
 * of steps, deliveries and faults. The world decides how time passes.
 */
export class World {
  readonly stores: Stores;
  readonly plan: Plan;
  readonly events: JobEvent[] = [];
  /** How often each fault struck. */
  readonly struck: Record<string, number> = {};
  readonly uploadLetters = new SimulatedQueue<UploadMessage>('upload dead letters', TRIED_RECEIVES);
  readonly batchLetters = new SimulatedQueue<Batch>('batch dead letters', TRIED_RECEIVES);
  readonly deaths: Deaths;
  faults: Faults;
  deployed: Deployed;
  readonly backlog: BacklogWatch;
  trace: ((line: string) => void) | undefined;

  readonly #uploads: SimulatedQueue<UploadMessage>;
  readonly #batches: SimulatedQueue<Batch>;
  readonly #completions: SimulatedQueue<JobKey>;
  readonly #requests = new SimulatedQueue<CallerRequest>('requests', Infinity);
  readonly #subscriptions: readonly Subscription[];
  readonly #invocations: Invocations;
  readonly #dice: Dice;
  #deadlyKey: string | undefined;
  #running: Running[] = [];
  #processes = 0;
  #now = BEGINNING;

  constructor(dice: Dice, plan: Plan) {
    this.#dice = dice;
    this.plan = plan;
    this.faults = NO_FAULTS;
    // A worker with little time left may not be able to take a try back as often as it should.
    this.deaths = new Deaths(plan.faults.hurry > 0 ? 1 : TAKE_BACK_ROUNDS);
    this.deployed = { cut: plan.cut };
    this.stores = new Stores(this, plan.pieceBytes, (object) => this.#storedObject(object));
    const completionLetters = new SimulatedQueue<JobKey>('completion dead letters', Infinity);
    this.#uploads = new SimulatedQueue('uploads', plan.maxReceives, this.uploadLetters);
    this.#batches = new SimulatedQueue('batches', plan.maxReceives, this.batchLetters);
    this.#completions = new SimulatedQueue('completions', plan.maxReceives, completionLetters);
    const invocations = new Invocations(this.#surroundings());
    this.#invocations = invocations;
    this.backlog = new BacklogWatch({
      stores: this.stores,
      clock: this,
      batches: this.#batches,
      uploads: this.#uploads,
      completions: this.#completions,
      deepQueue: plan.deepQueue,
    });
    this.#subscriptions = [
      one(this.#requests, (process, { body }) => invocations.serve(process, body)),
      this.#stall(
        one(this.#uploads, (process, message) => {
          this.backlog.followFanOut(process, message);
          return invocations.fanOut(process, message, this.#strikes('hurry'));
        }),
      ),
      one(this.uploadLetters, (process, message) =>
        invocations.splitDeadLetter(process, message, this.#checks(), this.#strikes('hurry')),
      ),
      this.#stall(
        several(this.#batches, (process, messages) => {
          this.backlog.followWorker(process, messages);
          return invocations.process(process, messages, this.#checks());
        }),
      ),
      one(this.batchLetters, (process, message) => invocations.processDeadLetter(process, message, this.#checks())),
      this.#stall(one(this.#completions, (process, { body }) => invocations.complete(process, body))),
      one(completionLetters, (process, { body }) => invocations.complete(process, body)),
    ];
  }

  get running(): readonly Running[] {
    return this.#running;
  }

  /** The queues that can deliver a message now. */
  get ready(): readonly Subscription[] {
    return this.#subscriptions.filter(({ queue, opensAt }) => opensAt <= this.#now && queue.ready(this.#now) > 0);
  }

  /** Closes the queue whose functions are switched off, until they take messages again. */
  #stall(subscription: Subscription): Subscription {
    const { stall } = this.plan;
    const isStalled = stall?.queue === subscription.queue.name;
    return { ...subscription, opensAt: isStalled ? BEGINNING + stall.minutes * MINUTE : 0 };
  }

  now(): number {
    return this.#now;
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** Jumps to the next message that can be received. Returns false if there is none. */
  jump(): boolean {
    const at = this.nextDeliveryAt;
    if (at === Infinity) return false;
    this.#now = Math.max(this.#now, at);
    return true;
  }

  get nextDeliveryAt(): number {
    return Math.min(...this.#subscriptions.map(({ queue, opensAt }) => Math.max(queue.nextVisibleAt(), opensAt)));
  }

  /** Uploads a file as a caller would, through the service or past it. */
  async upload(target: Target, number: number): Promise<void> {
    if (this.plan.isFirstDeadly && number === 0) this.#deadlyKey = target.key;
    if (target.way === 'uploaded') this.#requests.send({ upload: target, number }, this.#now);
    else await this.stores.objects.put(target.key, Buffer.from(target.text));
  }

  cancel(jobId: string): void {
    this.#requests.send({ cancel: { tenant: TENANT, jobId } }, this.#now);
  }

  redrive(jobId: string, codes?: readonly string[]): void {
    this.#requests.send({ redrive: { tenant: TENANT, jobId }, ...(codes && { codes }) }, this.#now);
  }

  async sweep(): Promise<void> {
    await this.#start('sweep', (process) => {
      this.backlog.followSweep(process);
      return this.#invocations.sweep(process).then(() => NOTHING_UNDONE);
    });
  }

  async deliver({ queue, most, run }: Subscription): Promise<void> {
    const count = Math.min(queue.ready(this.#now), 1 + this.#dice.roll(most));
    let held = Array.from({ length: count }, () => queue.receive(this.#now, this.#dice.roll(queue.ready(this.#now))));
    const messages = held;
    const release = (visibleAt: number): void => {
      for (const message of held) queue.putBack(message, visibleAt);
      held = [];
    };
    const acknowledge = (undone: Undone): void => {
      const reasons = 'all' in undone ? [undone.all.reason] : undone.map(({ reason }) => reason);
      const hasFailed = reasons.some((reason) => reason instanceof InjectedError);
      for (const message of held) {
        const failed = 'all' in undone ? undone.all : undone.find(({ id }) => id === message.id);
        if (failed) queue.putBack(message, this.#comesAgainAt(queue, message, failed.reason, hasFailed));
        else this.#done(queue, message);
      }
      held = [];
    };
    await this.#start(queue.name, (process) => run(process, messages), { acknowledge, release });
  }

  #done(queue: SimulatedQueue<unknown>, message: SimulatedMessage<unknown>): void {
    queue.delete(message);
    if (queue === this.#batches) this.backlog.checkDone(message as SimulatedMessage<Batch>);
  }

  /**
   * A message that failed because of a service, or for which no time was left, comes again later each time, if the plan
   * says so.
   */
  #comesAgainAt(
    queue: SimulatedQueue<unknown>,
    { receiveCount }: SimulatedMessage<unknown>,
    reason: unknown,
    hasFailed: boolean,
  ): number {
    const isPutOff = reason instanceof InjectedError || (hasFailed && reason instanceof OutOfTimeError);
    if (!this.plan.backsOff || !isPutOff) return this.#now;
    const before = queue === this.batchLetters || queue === this.uploadLetters ? MAX_RECEIVE_COUNT : 0;
    return this.#now + retryAfterSeconds(before + receiveCount) * 1_000;
  }

  /** Draws how often an invocation may check its time. */
  #checks(): number {
    return this.#strikes('hurry') ? this.#dice.roll(3) : Infinity;
  }

  /** Lets one of the calls of a process continue. */
  async step({ process }: Running, waiting: Waiting, turn: Turn): Promise<void> {
    process.waiting.splice(process.waiting.indexOf(waiting), 1);
    this.trace?.(`${process.name} #${process.id} ${waiting.call} ${turn}`);
    waiting.resume(turn);
    const isAtWork = (other: Process): boolean => this.#running.some((running) => running.process === other);
    this.deaths.see(process, waiting, turn, this.#now, isAtWork);
    await untilIdle();
  }

  /** Stops a process where it is. Its messages come back when their visibility timeout ends. */
  kill(running: Running): void {
    this.trace?.(`${running.process.name} #${running.process.id} killed`);
    running.process.kill();
    running.release(this.#now + VISIBILITY);
    this.#running = this.#running.filter((other) => other !== running);
  }

  /** Makes a process a zombie: the visibility timeout of its messages ends, and it continues, perhaps much later. */
  expire(running: Running, wakesAt: number): void {
    this.trace?.(`${running.process.name} #${running.process.id} is a zombie`);
    running.release(this.#now);
    running.isZombie = true;
    running.wakesAt = wakesAt;
  }

  /** Whether a call stores a row over which its worker dies, or reads such a file. */
  isDeadly({ call, args: [first, rows] }: Waiting): boolean {
    if (call === 'sources.open') return (first as PinnedSource).key === this.#deadlyKey;
    if (call !== 'tasks.putRows' || !Array.isArray(rows)) return false;
    return rows.some(({ item }) => String(item.content.title).startsWith(KILLER));
  }

  async #start(
    name: string,
    invoke: (process: Process) => Promise<readonly UndoneMessage[]>,
    { acknowledge, release }: { acknowledge?: (undone: Undone) => void; release?: Running['release'] } = {},
  ): Promise<void> {
    const process = new Process(this.#processes++, name);
    const running: Running = { process, isZombie: false, wakesAt: 0, release: release ?? (() => undefined) };
    this.#running.push(running);
    this.backlog.follow(process);
    this.trace?.(`${name} #${process.id} starts`);
    const finish = (undone: Undone): void => {
      if (!process.isAlive) return;
      const ids = 'all' in undone ? ['all'] : undone.map(({ id }) => id);
      this.trace?.(`${name} #${process.id} ends${ids.length > 0 ? `, undone: ${ids.join()}` : ''}`);
      acknowledge?.(undone);
      this.#running = this.#running.filter((other) => other !== running);
    };
    // An invocation that throws leaves all of its messages in the queue, as in Lambda.
    void invoke(process).then(finish, (error: unknown) => {
      this.trace?.(`${name} #${process.id} throws ${String(error)}`);
      finish({ all: { reason: error } });
    });
    await untilIdle();
  }

  #surroundings(): Surroundings {
    const deployedNow = (): Deployed => this.deployed;
    return {
      tasks: this.stores.tasks,
      tries: this.stores.tries,
      jobs: this.stores.jobs,
      ledger: this.stores.ledger,
      objects: this.stores.objects,
      clock: this,
      limits: this.plan.limits,
      get deployed() {
        return deployedNow();
      },
      batches: {
        send: async (batches) => {
          for (const batch of batches) this.#send(this.#batches, batch);
        },
      },
      continuations: { send: async (key) => this.#send(this.#uploads, { continue: key }) },
      depths: {
        batches: async () => this.#batches.depth + this.plan.ghosts,
        continuations: async () => this.#uploads.depth + this.plan.ghosts,
        completions: async () => this.#completions.depth + this.plan.ghosts,
      },
      deepQueue: this.plan.deepQueue,
      announcer: { announce: async (event) => this.#announce(event) },
    };
  }

  #announce(event: JobEvent): void {
    this.events.push(event);
    const { kind, tenant, jobId } = event;
    if (kind === 'completed') this.#send(this.#completions, { tenant, jobId });
  }

  #storedObject(object: ReceivedObject): void {
    if (this.#strikes('loseEvent')) return;
    this.#send(this.#uploads, { object });
    if (this.#strikes('doubleEvent')) this.#send(this.#uploads, { object });
  }

  #send<Body>(queue: SimulatedQueue<Body>, body: Body): void {
    if (this.#strikes('lose')) return;
    queue.send(body, this.#now + (this.#strikes('delay') ? this.#dice.roll(2 * MINUTE) : 0));
    if (this.#strikes('duplicate')) queue.send(body, this.#now);
  }

  #strikes(fault: Exclude<keyof Faults, 'zombiesFail'>): boolean {
    const strikes = this.#dice.chance(this.faults[fault]);
    if (strikes) this.note(fault);
    return strikes;
  }

  note(fault: string): void {
    this.struck[fault] = (this.struck[fault] ?? 0) + 1;
  }
}

/**
 * Resolves once every process has reached its next port call, or its end. That is when no microtask and no tick is
 * left, because the engine has no timers.
 */
const untilIdle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

const one = <Body>(
  queue: SimulatedQueue<Body>,
  run: (process: Process, message: SimulatedMessage<Body>) => Promise<void>,
): Subscription => ({
  queue,
  most: 1,
  opensAt: 0,
  run: (process, [message]) => run(process, message as SimulatedMessage<Body>).then(() => NOTHING_UNDONE),
});

const several = <Body>(
  queue: SimulatedQueue<Body>,
  run: (process: Process, messages: readonly SimulatedMessage<Body>[]) => Promise<readonly UndoneMessage[]>,
): Subscription => ({
  queue,
  most: 3,
  opensAt: 0,
  run: (process, messages) => run(process, messages as readonly SimulatedMessage<Body>[]),
});

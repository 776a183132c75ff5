import type { ErrorShape } from './messages.ts';
import type { FunctionWorker, WorkerOutcome } from './function-worker.ts';
import type { BudgetedPool, SandboxBudget } from './sandbox-budget.ts';

/** The most sandboxes of one function. Further events wait for a free one, where Lambda would throttle. */
const WORKERS_MAX = 8;

/** How long a warm worker may be idle before it is ended: it holds tens of megabytes. */
const IDLE_MS = 60_000;

/** The error of an event that arrives after the stop. */
export const STOPPED: ErrorShape = { type: 'Runtime.Stopped', message: 'The local cloud is shutting down', trace: [] };

interface PendingEvent {
  readonly requestId: string;
  readonly event: string;
  readonly resolve: (outcome: WorkerOutcome) => void;
}

/**
 * The sandboxes of one function. All events wait in one queue for warm and starting workers: a short event does not
 * wait for a cold start if a warm worker becomes free earlier.
 */
export class WorkerPool implements BudgetedPool {
  readonly #create: () => FunctionWorker;
  readonly #budget: SandboxBudget;
  readonly #queue: PendingEvent[] = [];
  readonly #workers = new Set<FunctionWorker>();
  /** A stack: the worker that was used last is taken first, so those at the bottom stay unused and expire. */
  readonly #idle: { readonly worker: FunctionWorker; readonly timer: NodeJS.Timeout; readonly since: number }[] = [];
  readonly #busy = new Set<Promise<unknown>>();
  #starting = 0;
  /** How many of the starting workers wait for a start slot. */
  #waiting = 0;
  #stopped = false;

  constructor(create: () => FunctionWorker, budget: SandboxBudget) {
    this.#create = create;
    this.#budget = budget;
    budget.add(this);
  }

  get size(): number {
    return this.#workers.size + this.#waiting;
  }

  get idleSince(): number | undefined {
    return this.#idle[0]?.since;
  }

  endIdle(): void {
    const idle = this.#idle[0];
    if (!idle) return;
    this.#remove(idle.worker);
    void idle.worker.end();
  }

  async invoke(requestId: string, event: string): Promise<WorkerOutcome> {
    if (this.#stopped) return { error: STOPPED };
    const { promise, resolve } = Promise.withResolvers<WorkerOutcome>();
    this.#queue.push({ requestId, event, resolve });
    this.#busy.add(promise);
    void promise.then(() => this.#busy.delete(promise));
    this.#dispatch();
    return promise;
  }

  /** Resolves when all events received so far have an outcome. */
  async settled(): Promise<void> {
    await Promise.all(this.#busy);
  }

  /** Ends every worker at once: running invocations fail, the next ones start cold. Returns how many it ended. */
  async end(): Promise<number> {
    const workers = [...this.#workers];
    await Promise.all(workers.map((worker) => worker.end()));
    return workers.length;
  }

  /** Does the same for good: waiting events fail too. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const pending of this.#queue.splice(0)) pending.resolve({ error: STOPPED });
    await this.end();
  }

  /** Ends one busy worker. Returns false if none is busy. */
  async endOne(): Promise<boolean> {
    const idle = new Set(this.#idle.map(({ worker }) => worker));
    const worker = [...this.#workers].find((one) => !idle.has(one));
    await worker?.end();
    return worker !== undefined;
  }

  #dispatch(): void {
    for (let idle = this.#idle.at(-1); idle && this.#queue.length > 0; idle = this.#idle.at(-1)) {
      this.#idle.pop();
      clearTimeout(idle.timer);
      this.#run(idle.worker);
    }
    while (this.#starting < this.#queue.length && this.#mayStart()) void this.#start();
  }

  #mayStart(): boolean {
    return this.size < WORKERS_MAX && this.#budget.allows(this);
  }

  async #start(): Promise<void> {
    this.#starting += 1;
    this.#waiting += 1;
    const slot = await this.#budget.takeStartSlot();
    this.#waiting -= 1;
    // Another worker may have taken the event meanwhile.
    const worker = this.#queue.length > 0 ? this.#launch() : undefined;
    const failure = await worker?.started;
    slot[Symbol.dispose]();
    this.#starting -= 1;
    if (failure) this.#failFirst(failure);
    else if (worker) this.#run(worker);
  }

  #launch(): FunctionWorker {
    const worker = this.#create();
    this.#workers.add(worker);
    worker.onGone(() => this.#remove(worker));
    return worker;
  }

  /** Fails the event that caused the cold start, as Lambda does. The next event tries again. */
  #failFirst(failure: ErrorShape): void {
    this.#queue.shift()?.resolve({ error: failure });
    this.#dispatch();
  }

  #run(worker: FunctionWorker): void {
    if (worker.gone) return this.#dispatch();
    const pending = this.#queue.shift();
    if (!pending) return this.#keepWarm(worker);
    void worker.invoke(pending.requestId, pending.event).then((outcome) => {
      pending.resolve(outcome);
      this.#run(worker);
    });
  }

  #keepWarm(worker: FunctionWorker): void {
    const timer = setTimeout(() => void worker.end(), IDLE_MS);
    this.#idle.push({ worker, timer: timer.unref(), since: performance.now() });
  }

  #remove(worker: FunctionWorker): void {
    this.#workers.delete(worker);
    const at = this.#idle.findIndex((idle) => idle.worker === worker);
    if (at >= 0) this.#idle.splice(at, 1).forEach(({ timer }) => clearTimeout(timer));
    this.#dispatch();
  }
}

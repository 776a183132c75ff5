import type { ErrorShape } from './messages.ts';
import type { FunctionWorker, WorkerOutcome } from './function-worker.ts';
import type { BudgetedPool, SandboxBudget } from './sandbox-budget.ts';

/**
 * As many sandboxes of one function as a machine bears; further events wait for a free one, where Lambda would
 * throttle.
 */
const WORKERS_MAX = 8;

/** A warm worker that had nothing to do for so long is ended: it holds tens of megabytes. */
const IDLE_MS = 60_000;

/** What an event fails with that comes too late. */
export const STOPPED: ErrorShape = { type: 'Runtime.Stopped', message: 'The local cloud is shutting down', trace: [] };

interface Job {
  readonly requestId: string;
  readonly event: string;
  readonly resolve: (outcome: WorkerOutcome) => void;
}

/**
 * The sandboxes of one function. Events wait in one line that warm and starting workers share: a short event does not
 * wait for a cold start if a warm worker gets free before.
 */
export class WorkerPool implements BudgetedPool {
  readonly #create: () => FunctionWorker;
  readonly #budget: SandboxBudget;
  readonly #line: Job[] = [];
  readonly #workers = new Set<FunctionWorker>();
  /** Last used, first taken: those at the front stay unused and expire. */
  readonly #idle: { readonly worker: FunctionWorker; readonly timer: NodeJS.Timeout; readonly since: number }[] = [];
  readonly #busy = new Set<Promise<unknown>>();
  #starting = 0;
  /** Of these, whose turn to start has not come. */
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
    this.#forget(idle.worker);
    void idle.worker.end();
  }

  async invoke(requestId: string, event: string): Promise<WorkerOutcome> {
    if (this.#stopped) return { error: STOPPED };
    const { promise, resolve } = Promise.withResolvers<WorkerOutcome>();
    this.#line.push({ requestId, event, resolve });
    this.#busy.add(promise);
    void promise.then(() => this.#busy.delete(promise));
    this.#dispatch();
    return promise;
  }

  /** All events taken so far, settled. */
  async settled(): Promise<void> {
    await Promise.all(this.#busy);
  }

  /** Ends every worker at once: running invocations fail, the next ones start cold. Says how many were ended. */
  async end(): Promise<number> {
    const workers = [...this.#workers];
    await Promise.all(workers.map((worker) => worker.end()));
    return workers.length;
  }

  /** The same for good: what waits in line fails. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const job of this.#line.splice(0)) job.resolve({ error: STOPPED });
    await this.end();
  }

  /** Ends one worker in the middle of its work; false if none is at work. */
  async endOne(): Promise<boolean> {
    const idle = new Set(this.#idle.map(({ worker }) => worker));
    const worker = [...this.#workers].find((one) => !idle.has(one));
    await worker?.end();
    return worker !== undefined;
  }

  #dispatch(): void {
    for (let idle = this.#idle.at(-1); idle && this.#line.length > 0; idle = this.#idle.at(-1)) {
      this.#idle.pop();
      clearTimeout(idle.timer);
      this.#run(idle.worker);
    }
    while (this.#starting < this.#line.length && this.#mayStart()) void this.#start();
  }

  #mayStart(): boolean {
    return this.size < WORKERS_MAX && this.#budget.allows(this);
  }

  async #start(): Promise<void> {
    this.#starting += 1;
    this.#waiting += 1;
    const turn = await this.#budget.turn();
    this.#waiting -= 1;
    // Meanwhile others may have taken the event.
    const worker = this.#line.length > 0 ? this.#launch() : undefined;
    const failure = await worker?.started;
    turn[Symbol.dispose]();
    this.#starting -= 1;
    if (failure) this.#failFirst(failure);
    else if (worker) this.#run(worker);
  }

  #launch(): FunctionWorker {
    const worker = this.#create();
    this.#workers.add(worker);
    worker.onGone(() => this.#forget(worker));
    return worker;
  }

  /** The event that caused the cold start fails with it, as in Lambda; the next one tries again. */
  #failFirst(failure: ErrorShape): void {
    this.#line.shift()?.resolve({ error: failure });
    this.#dispatch();
  }

  #run(worker: FunctionWorker): void {
    if (worker.gone) return this.#dispatch();
    const job = this.#line.shift();
    if (!job) return this.#rest(worker);
    void worker.invoke(job.requestId, job.event).then((outcome) => {
      job.resolve(outcome);
      this.#run(worker);
    });
  }

  #rest(worker: FunctionWorker): void {
    const timer = setTimeout(() => void worker.end(), IDLE_MS);
    this.#idle.push({ worker, timer: timer.unref(), since: performance.now() });
  }

  #forget(worker: FunctionWorker): void {
    this.#workers.delete(worker);
    const at = this.#idle.findIndex((idle) => idle.worker === worker);
    if (at >= 0) this.#idle.splice(at, 1).forEach(({ timer }) => clearTimeout(timer));
    this.#dispatch();
  }
}

import { randomUUID } from 'node:crypto';
import type { DeployedFunction, DeployedStack } from '../model.ts';
import { functionEnvironment } from './function-environment.ts';
import type { FunctionLogs } from './function-logs.ts';
import { FunctionWorker, type SandboxOptions, type WorkerOutcome } from './function-worker.ts';
import { PAYLOAD_MAX_BYTES, type InvocationResult } from './invocation.ts';
import type { ErrorShape } from './messages.ts';
import { SandboxBudget } from './sandbox-budget.ts';
import { STOPPED, WorkerPool } from './worker-pool.ts';

/** Runs the functions of a stack in worker threads with Lambda's semantics. */
export class Runtime {
  readonly #stack: DeployedStack;
  readonly #logs: FunctionLogs;
  readonly #options: SandboxOptions;
  readonly #budget: SandboxBudget;
  readonly #pools = new Map<string, WorkerPool>();
  #stopping = false;

  constructor(stack: DeployedStack, logs: FunctionLogs, options: SandboxOptions = {}, budget = new SandboxBudget()) {
    this.#stack = stack;
    this.#logs = logs;
    this.#options = options;
    this.#budget = budget;
  }

  /** Invokes a function. Never rejects because of the function: a crash, a timeout and a thrown error are results. */
  async invoke(logicalId: string, event: unknown): Promise<InvocationResult> {
    const fn = this.#function(logicalId);
    const requestId = randomUUID();
    const outcome = await this.#attempt(fn, requestId, JSON.stringify(event) ?? 'null');
    if ('payload' in outcome) return { ok: JSON.parse(outcome.payload) };
    return { error: { ...outcome.error, requestId } };
  }

  /** Ends the sandboxes of a function as a crash of its host would. The next event starts a new one. */
  async crash(logicalId: string): Promise<number> {
    return (await this.#pools.get(this.#function(logicalId).logicalId)?.end()) ?? 0;
  }

  /** Does the same to one sandbox that is running an invocation. Returns false if none is. */
  async crashOne(logicalId: string): Promise<boolean> {
    return (await this.#pools.get(this.#function(logicalId).logicalId)?.endOne()) ?? false;
  }

  /** Refuses new events, gives running ones `graceMs` to end, then ends every worker. */
  async stop(graceMs = 0): Promise<void> {
    this.#stopping = true;
    const pools = [...this.#pools.values()];
    const grace = Promise.withResolvers<void>();
    const timer = setTimeout(grace.resolve, graceMs);
    await Promise.race([Promise.all(pools.map((pool) => pool.settled())), grace.promise]);
    clearTimeout(timer);
    await Promise.all(pools.map((pool) => pool.stop()));
  }

  async #attempt(fn: DeployedFunction, requestId: string, event: string): Promise<WorkerOutcome> {
    if (this.#stopping) return { error: STOPPED };
    const bytes = Buffer.byteLength(event);
    if (bytes > PAYLOAD_MAX_BYTES) {
      const message = `Request must be smaller than ${PAYLOAD_MAX_BYTES} bytes for the InvokeFunction operation: ${bytes} bytes`;
      return { error: refusal('RequestEntityTooLargeException', message) };
    }
    return this.#pool(fn).invoke(requestId, event);
  }

  #pool(fn: DeployedFunction): WorkerPool {
    let pool = this.#pools.get(fn.logicalId);
    if (!pool) {
      const env = functionEnvironment(fn, this.#stack);
      pool = new WorkerPool(() => new FunctionWorker(fn, env, this.#logs, this.#options), this.#budget);
      this.#pools.set(fn.logicalId, pool);
    }
    return pool;
  }

  #function(logicalId: string): DeployedFunction {
    const fn = this.#stack.functions.get(logicalId);
    if (fn) return fn;
    const known = [...this.#stack.functions.keys()].join(', ');
    throw new Error(`There is no function "${logicalId}" in the stack. It has: ${known}.`);
  }
}

const refusal = (type: string, message: string): ErrorShape => ({ type, message, trace: [] });

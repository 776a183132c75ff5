import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { COMPILE_CACHE } from '../compile-cache.ts';
import type { DeployedFunction } from '../model.ts';
import { YOUNG_GENERATION_MB } from '../young-generation.ts';
import { toErrorShape } from './error-shape.ts';
import type { FunctionLogs } from './function-logs.ts';
import { INIT_TIMEOUT_SECONDS, type InvocationReport, PAYLOAD_MAX_BYTES } from './invocation.ts';
import type { BootstrapData, ErrorShape, InvokeMessage, WorkerMessage } from './messages.ts';

export type WorkerOutcome = { readonly payload: string } | { readonly error: ErrorShape };

export interface SandboxOptions {
  /** Receives a measurement of every invocation. */
  readonly onReport?: ((report: InvocationReport) => void) | undefined;
  /**
   * How many times its time limit a function may run; 1 unless given. The remaining time that the function reads passes
   * more slowly by the same factor.
   */
  readonly timeFactor?: number;
}

/**
 * One sandbox: a worker thread that holds a function's module and handles one event at a time.
 *
 * Its states are starting → idle ⇄ busy → gone. It is gone after a failed start, a timeout, a crash, `process.exit` or
 * `end()`. It never comes back; a new sandbox replaces it.
 */
export class FunctionWorker {
  /** Resolves when the module is loaded, with the reason if that failed. */
  readonly started: Promise<ErrorShape | undefined>;
  readonly #worker: Worker;
  readonly #fn: DeployedFunction;
  readonly #logs: FunctionLogs;
  readonly #onReport: ((report: InvocationReport) => void) | undefined;
  readonly #timeFactor: number;
  #requestId = 'INIT';
  #settle: ((outcome: WorkerOutcome) => void) | undefined;
  #onGone: () => void = () => {};
  #crash: ErrorShape | undefined;
  #gone = false;

  constructor(
    fn: DeployedFunction,
    env: Record<string, string>,
    logs: FunctionLogs,
    { onReport, timeFactor = 1 }: SandboxOptions = {},
  ) {
    this.#fn = fn;
    this.#logs = logs;
    this.#onReport = onReport;
    this.#timeFactor = timeFactor;
    this.#worker = new Worker(new URL('bootstrap.ts', import.meta.url), {
      name: fn.functionName,
      env: { ...env, ...COMPILE_CACHE },
      argv: [],
      execArgv: [],
      stdout: true,
      stderr: true,
      // Limits the JavaScript heap only: buffers are outside it, so a function may hold more bytes than this.
      resourceLimits: { maxOldGenerationSizeMb: fn.memoryMb, maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
      workerData: toBootstrapData(fn, { measures: onReport !== undefined, timeFactor }),
    });
    logs.follow(fn.functionName, this.#worker.stdout);
    logs.follow(fn.functionName, this.#worker.stderr);
    this.started = this.#start();
    this.#worker.on('error', (error) => (this.#crash = toCrashError(error, fn)));
    this.#worker.on('exit', (code) => this.#exited(code));
  }

  /** True if the thread has ended or is about to end. It takes no more events. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Registers a listener that is called once, when the thread has ended for any reason. */
  onGone(listener: () => void): void {
    this.#onGone = listener;
  }

  /** Sends one event to the thread. Never rejects: a crash is an outcome. */
  async invoke(requestId: string, event: string): Promise<WorkerOutcome> {
    const timeoutMs = this.#fn.timeoutSeconds * 1_000 * this.#timeFactor;
    this.#requestId = requestId;
    const outcome = new Promise<WorkerOutcome>((resolve) => (this.#settle = resolve));
    this.#worker.postMessage({ requestId, event, deadline: Date.now() + timeoutMs } satisfies InvokeMessage);
    let late: NodeJS.Immediate | undefined;
    // A response that arrived in time may be unread, because this thread was busy. It is read first.
    const timer = setTimeout(() => (late = setImmediate(() => this.#timeOut())), timeoutMs);
    try {
      return await outcome;
    } finally {
      clearTimeout(timer);
      clearImmediate(late);
    }
  }

  /** Ends the thread at once. A running invocation fails as if the process had died. */
  async end(): Promise<void> {
    this.#gone = true;
    await this.#worker.terminate();
  }

  /**
   * Waits until the module is loaded. If that takes too long, Lambda starts again, within the time of the invocation.
   * Here the first start continues for that time: a machine that is too slow for one start is too slow for two.
   */
  async #start(): Promise<ErrorShape | undefined> {
    const { promise, resolve } = Promise.withResolvers<ErrorShape | undefined>();
    const seconds = INIT_TIMEOUT_SECONDS + this.#fn.timeoutSeconds;
    const timer = setTimeout(
      () => resolve(timeoutError(seconds, this.#timeFactor)),
      seconds * 1_000 * this.#timeFactor,
    );
    this.#worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'ready') resolve(undefined);
      else if (message.kind === 'init-failed') resolve(message.error);
      else if (message.kind === 'measured') this.#reportMeasurement(message);
      else this.#finish(message.kind === 'failed' ? { error: message.error } : this.#withinLimit(message.payload));
    });
    this.#worker.once('exit', (code) => resolve(this.#crash ?? exitError(code)));
    const failure = await promise;
    clearTimeout(timer);
    if (failure && !this.#gone) {
      this.#logError(failure);
      await this.end();
    }
    return failure;
  }

  #reportMeasurement({ milliseconds, heldBytes }: { readonly milliseconds: number; readonly heldBytes: number }): void {
    this.#onReport?.({ functionLogicalId: this.#fn.logicalId, milliseconds, heldBytes });
  }

  #finish(outcome: WorkerOutcome): void {
    this.#settle?.(outcome);
    this.#settle = undefined;
  }

  #timeOut(): void {
    const error = timeoutError(this.#fn.timeoutSeconds, this.#timeFactor);
    this.#logError(error);
    this.#finish({ error });
    void this.end();
  }

  #exited(code: number): void {
    const error = this.#crash ?? exitError(code);
    if (!this.#gone) this.#logError(error);
    this.#gone = true;
    this.#finish({ error });
    this.#onGone();
  }

  #withinLimit(payload: string): WorkerOutcome {
    const bytes = Buffer.byteLength(payload);
    if (bytes <= PAYLOAD_MAX_BYTES) return { payload };
    const error = tooLarge(bytes);
    this.#logError(error);
    return { error };
  }

  /** Logs what happens to the sandbox itself; the sandbox has already logged what the handler threw. */
  #logError(error: ErrorShape): void {
    const [, ...stack] = error.trace;
    this.#logs.error(this.#fn.functionName, this.#requestId, [`${error.type}: ${error.message}`, ...stack].join('\n'));
  }
}

function toBootstrapData(fn: DeployedFunction, options: Pick<BootstrapData, 'measures' | 'timeFactor'>): BootstrapData {
  const dot = fn.handler.lastIndexOf('.');
  return {
    moduleUrl: pathToFileURL(join(fn.codeFolder, `${fn.handler.slice(0, dot)}.mjs`)).href,
    exportName: fn.handler.slice(dot + 1),
    functionName: fn.functionName,
    functionArn: fn.arn,
    memoryMb: fn.memoryMb,
    ...options,
  };
}

/** Uses Lambda's message, and adds how far a slow machine stretched the limit. */
const timeoutError = (seconds: number, timeFactor: number): ErrorShape => ({
  type: 'Sandbox.Timedout',
  message:
    `Task timed out after ${seconds.toFixed(2)} seconds` +
    (timeFactor === 1 ? '' : `, stretched to ${(seconds * timeFactor).toFixed(2)} by TIME_FACTOR=${timeFactor}`),
  trace: [],
});

const exitError = (code: number): ErrorShape => ({
  type: 'Runtime.ExitError',
  message: `Runtime exited with error: exit status ${code}`,
  trace: [],
});

function toCrashError(error: unknown, fn: DeployedFunction): ErrorShape {
  if (typeof error === 'object' && error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return { type: 'Runtime.OutOfMemory', message: `The function used more than its ${fn.memoryMb} MB`, trace: [] };
  }
  return toErrorShape(error);
}

const tooLarge = (bytes: number): ErrorShape => ({
  type: 'Function.ResponseSizeTooLarge',
  message: `Response payload size exceeded maximum allowed payload size (${PAYLOAD_MAX_BYTES} bytes): ${bytes} bytes`,
  trace: [],
});

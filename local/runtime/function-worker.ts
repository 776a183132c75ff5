import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { COMPILE_CACHE } from '../compile-cache.ts';
import type { DeployedFunction } from '../model.ts';
import { YOUNG_GENERATION_MB } from '../young-generation.ts';
import { errorShape } from './error-shape.ts';
import type { FunctionLogs } from './function-logs.ts';
import { INIT_TIMEOUT_SECONDS, type InvocationReport, PAYLOAD_MAX_BYTES } from './invocation.ts';
import type { BootstrapData, ErrorShape, InvokeMessage, WorkerMessage } from './messages.ts';

export type WorkerOutcome = { readonly payload: string } | { readonly error: ErrorShape };

export interface SandboxOptions {
  /** With it every invocation is measured. */
  readonly onReport?: ((report: InvocationReport) => void) | undefined;
  /**
   * How many times its time limit a function may run; 1 unless given. The time that it is told to have left shrinks as
   * much slower.
   */
  readonly timeFactor?: number;
}

/**
 * One sandbox: a worker thread that holds a function's module and takes one event at a time.
 *
 * starting → idle ⇄ busy → gone. It is gone after a failed start, a timeout, a crash, `process.exit` or `end()`;
 * it never comes back, a new one takes its place.
 */
export class FunctionWorker {
  /** Settles when the module is loaded, with the reason if it could not be. */
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
      // Counts the JavaScript heap only: buffers live outside it, so a function may hold more than this in bytes.
      resourceLimits: { maxOldGenerationSizeMb: fn.memoryMb, maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
      workerData: bootstrapData(fn, { measures: onReport !== undefined, timeFactor }),
    });
    logs.follow(fn.functionName, this.#worker.stdout);
    logs.follow(fn.functionName, this.#worker.stderr);
    this.started = this.#start();
    this.#worker.on('error', (error) => (this.#crash = crashOf(error, fn)));
    this.#worker.on('exit', (code) => this.#exited(code));
  }

  /** Ended, or about to end: takes no more events. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Called once, when the thread has ended, for whatever reason. */
  onGone(listener: () => void): void {
    this.#onGone = listener;
  }

  /** Hands over one event. Never rejects: a crash is an outcome. */
  async invoke(requestId: string, event: string): Promise<WorkerOutcome> {
    const timeoutMs = this.#fn.timeoutSeconds * 1_000 * this.#timeFactor;
    this.#requestId = requestId;
    const outcome = new Promise<WorkerOutcome>((resolve) => (this.#settle = resolve));
    this.#worker.postMessage({ requestId, event, deadline: Date.now() + timeoutMs } satisfies InvokeMessage);
    let late: NodeJS.Immediate | undefined;
    // An answer that came in time and was not read yet, because this thread was busy, is read before.
    const timer = setTimeout(() => (late = setImmediate(() => this.#timeOut())), timeoutMs);
    try {
      return await outcome;
    } finally {
      clearTimeout(timer);
      clearImmediate(late);
    }
  }

  /** Ends the thread at once; a running invocation fails as if the process had died. */
  async end(): Promise<void> {
    this.#gone = true;
    await this.#worker.terminate();
  }

  /**
   * Lambda gives a start that takes too long a second try, in the time of the invocation. Here the first one goes on
   * for so much longer: a machine that is too slow for one start is too slow for two.
   */
  async #start(): Promise<ErrorShape | undefined> {
    const { promise, resolve } = Promise.withResolvers<ErrorShape | undefined>();
    const seconds = INIT_TIMEOUT_SECONDS + this.#fn.timeoutSeconds;
    const timer = setTimeout(() => resolve(timedOut(seconds, this.#timeFactor)), seconds * 1_000 * this.#timeFactor);
    this.#worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'ready') resolve(undefined);
      else if (message.kind === 'init-failed') resolve(message.error);
      else if (message.kind === 'measured') this.#tell(message);
      else this.#finish(message.kind === 'failed' ? { error: message.error } : this.#withinLimit(message.payload));
    });
    this.#worker.once('exit', (code) => resolve(this.#crash ?? exitOf(code)));
    const failure = await promise;
    clearTimeout(timer);
    if (failure && !this.#gone) {
      this.#report(failure);
      await this.end();
    }
    return failure;
  }

  #tell({ milliseconds, heldBytes }: { readonly milliseconds: number; readonly heldBytes: number }): void {
    this.#onReport?.({ functionLogicalId: this.#fn.logicalId, milliseconds, heldBytes });
  }

  #finish(outcome: WorkerOutcome): void {
    this.#settle?.(outcome);
    this.#settle = undefined;
  }

  #timeOut(): void {
    const error = timedOut(this.#fn.timeoutSeconds, this.#timeFactor);
    this.#report(error);
    this.#finish({ error });
    void this.end();
  }

  #exited(code: number): void {
    const error = this.#crash ?? exitOf(code);
    if (!this.#gone) this.#report(error);
    this.#gone = true;
    this.#finish({ error });
    this.#onGone();
  }

  #withinLimit(payload: string): WorkerOutcome {
    const bytes = Buffer.byteLength(payload);
    if (bytes <= PAYLOAD_MAX_BYTES) return { payload };
    const error = tooLarge(bytes);
    this.#report(error);
    return { error };
  }

  /** What the handler throws, the sandbox has printed; what happens to the sandbox itself is printed here. */
  #report(error: ErrorShape): void {
    const [, ...stack] = error.trace;
    this.#logs.error(this.#fn.functionName, this.#requestId, [`${error.type}: ${error.message}`, ...stack].join('\n'));
  }
}

function bootstrapData(fn: DeployedFunction, how: Pick<BootstrapData, 'measures' | 'timeFactor'>): BootstrapData {
  const dot = fn.handler.lastIndexOf('.');
  return {
    moduleUrl: pathToFileURL(join(fn.codeFolder, `${fn.handler.slice(0, dot)}.mjs`)).href,
    exportName: fn.handler.slice(dot + 1),
    functionName: fn.functionName,
    functionArn: fn.arn,
    memoryMb: fn.memoryMb,
    ...how,
  };
}

/** In Lambda's words, and what the seconds are on a machine that gives more of them. */
const timedOut = (seconds: number, timeFactor: number): ErrorShape => ({
  type: 'Sandbox.Timedout',
  message:
    `Task timed out after ${seconds.toFixed(2)} seconds` +
    (timeFactor === 1 ? '' : `, stretched to ${(seconds * timeFactor).toFixed(2)} by TIME_FACTOR=${timeFactor}`),
  trace: [],
});

const exitOf = (code: number): ErrorShape => ({
  type: 'Runtime.ExitError',
  message: `Runtime exited with error: exit status ${code}`,
  trace: [],
});

function crashOf(error: unknown, fn: DeployedFunction): ErrorShape {
  if (typeof error === 'object' && error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return { type: 'Runtime.OutOfMemory', message: `The function used more than its ${fn.memoryMb} MB`, trace: [] };
  }
  return errorShape(error);
}

const tooLarge = (bytes: number): ErrorShape => ({
  type: 'Function.ResponseSizeTooLarge',
  message: `Response payload size exceeded maximum allowed payload size (${PAYLOAD_MAX_BYTES} bytes): ${bytes} bytes`,
  trace: [],
});

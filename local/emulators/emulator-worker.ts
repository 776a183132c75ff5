import { Worker } from 'node:worker_threads';
import { COMPILE_CACHE } from '../compile-cache.ts';
import { YOUNG_GENERATION_MB } from '../young-generation.ts';
import { ACCOUNT_ID } from '../account.ts';
import { type Methods, WorkerCalls } from './worker-calls.ts';

const STOP_TIMEOUT_MS = 10_000;

export interface EmulatorOptions {
  /** The folder in which the emulator keeps its state. Undefined: it is in memory. */
  readonly dataDir: string | undefined;
  readonly region: string;
  readonly verbose: boolean;
}

/** The method that every emulator's worker has, besides its own. */
export interface StopMethod extends Methods {
  readonly stop: () => Promise<void>;
}

/**
 * One emulator in a worker thread of its own, because it keeps an event loop busy that the API and the pollers need.
 */
export class EmulatorWorker<M extends StopMethod> {
  readonly port: number;
  readonly calls: WorkerCalls<M>;
  /** Resolves with the reason if the worker ends without a call of `stop`. */
  readonly failed: Promise<Error>;
  readonly #worker: Worker;
  #stopping = false;

  private constructor(worker: Worker, calls: WorkerCalls<M>, port: number) {
    this.#worker = worker;
    this.calls = calls;
    this.port = port;
    const { promise, resolve } = Promise.withResolvers<Error>();
    this.failed = promise;
    void calls.ended.then((reason) => this.#stopping || resolve(reason));
  }

  static async start<M extends StopMethod>(entry: URL, options: EmulatorOptions): Promise<EmulatorWorker<M>> {
    const worker = new Worker(entry, {
      workerData: options,
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
      // Nothing is inherited, so that a FAUXQS_… variable of the shell cannot plant queues or files in the stack.
      env: { ...COMPILE_CACHE, AWS_ACCOUNT_ID: ACCOUNT_ID, AWS_REGION: options.region },
    });
    const calls = new WorkerCalls<M>(worker);
    const { port } = await calls.ready<{ port: number }>();
    return new EmulatorWorker(worker, calls, port);
  }

  /** Closes the server and its store. Terminates a worker that does not end within the time limit. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const timer = setTimeout(() => void this.#worker.terminate(), STOP_TIMEOUT_MS);
    try {
      await Promise.race([this.calls.call('stop', ...([] as unknown as Parameters<M['stop']>)), this.calls.ended]);
    } finally {
      clearTimeout(timer);
      await this.#worker.terminate();
    }
  }
}

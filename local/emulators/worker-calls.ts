import type { MessagePort, Worker } from 'node:worker_threads';
import { isErrorLike } from '../error-like.ts';

/** The methods of a worker thread, by name. */
export type Methods = Record<string, (...args: never[]) => unknown>;

interface Call {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

type WorkerResponse =
  | { readonly ready: unknown }
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string };

/** Runs in the worker: posts `ready` and then serves the calls of {@link WorkerCalls}. */
export function serveCalls(port: MessagePort, ready: unknown, methods: Methods): void {
  port.on('message', ({ id, method, args }: Call) => {
    callMethod(methods, method, args).then(
      (value) => port.postMessage({ id, value }),
      // The error belongs to the caller on the other side; thrown here, it would end the emulator.
      (error: unknown) => port.postMessage({ id, error: error instanceof Error ? error.message : String(error) }),
    );
  });
  port.postMessage({ ready });
}

async function callMethod(methods: Methods, method: string, args: readonly unknown[]): Promise<unknown> {
  const found = methods[method];
  if (!found) throw new Error(`the worker has no method ${method}; it has ${Object.keys(methods).join(', ')}`);
  return await (found as (...all: readonly unknown[]) => unknown)(...args);
}

/** Runs in the main thread: calls the methods of a worker. */
export class WorkerCalls<M extends Methods> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #ready = Promise.withResolvers<unknown>();
  /** Resolves with the reason when the worker has ended. No call gets a response after that. */
  readonly ended: Promise<Error>;
  #next = 0;

  constructor(worker: Worker) {
    this.#worker = worker;
    const { promise, resolve } = Promise.withResolvers<Error>();
    this.ended = promise;
    const fail = (error: Error): void => {
      resolve(error);
      this.#ready.reject(error);
      for (const call of this.#waiting.values()) call.reject(error);
      this.#waiting.clear();
    };
    worker.on('message', (message: WorkerResponse) => this.#receive(message));
    worker.on('error', (error) => fail(isErrorLike(error) ? error : new Error(String(error))));
    worker.on('exit', (code) => fail(new Error(`an emulator's worker thread ended with exit code ${code}`)));
  }

  ready<T>(): Promise<T> {
    return this.#ready.promise as Promise<T>;
  }

  call<Name extends keyof M & string>(
    method: Name,
    ...args: Parameters<M[Name]>
  ): Promise<Awaited<ReturnType<M[Name]>>> {
    const id = this.#next++;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiting);
    this.#worker.postMessage({ id, method, args } satisfies Call);
    return waiting.promise as Promise<Awaited<ReturnType<M[Name]>>>;
  }

  #receive(message: WorkerResponse): void {
    if ('ready' in message) return this.#ready.resolve(message.ready);
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ('error' in message) waiting?.reject(new Error(message.error));
    else waiting?.resolve(message.value);
  }
}

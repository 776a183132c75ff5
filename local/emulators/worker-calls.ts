import type { MessagePort, Worker } from 'node:worker_threads';
import { isErrorLike } from '../error-like.ts';

/** What a worker thread answers on request: name → function. */
export type Methods = Record<string, (...args: never[]) => unknown>;

interface Call {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

type Answer =
  | { readonly ready: unknown }
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string };

/** In the worker: answers the calls of {@link WorkerCalls}, after telling what the worker is ready with. */
export function answerCalls(port: MessagePort, ready: unknown, methods: Methods): void {
  port.on('message', ({ id, method, args }: Call) => {
    answer(methods, method, args).then(
      (value) => port.postMessage({ id, value }),
      // The error belongs to the caller on the other side; here it would end the emulator for everybody.
      (error: unknown) => port.postMessage({ id, error: error instanceof Error ? error.message : String(error) }),
    );
  });
  port.postMessage({ ready });
}

async function answer(methods: Methods, method: string, args: readonly unknown[]): Promise<unknown> {
  const found = methods[method];
  if (!found) throw new Error(`the worker has no method ${method}; it has ${Object.keys(methods).join(', ')}`);
  return await (found as (...all: readonly unknown[]) => unknown)(...args);
}

/** In the main thread: calls the methods that a worker answers. */
export class WorkerCalls<M extends Methods> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #ready = Promise.withResolvers<unknown>();
  /** Settles when the worker has ended, for whatever reason; nothing behind it answers any more. */
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
    worker.on('message', (message: Answer) => this.#take(message));
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

  #take(message: Answer): void {
    if ('ready' in message) return this.#ready.resolve(message.ready);
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ('error' in message) waiting?.reject(new Error(message.error));
    else waiting?.resolve(message.value);
  }
}

/** Thrown into a simulated process by its world, as a service's failure would be. */
export class InjectedError extends Error {
  override readonly name = 'InjectedError';
}

/** What the world does to a process that waits at a port call. */
export type Turn = 'go' | 'error-before' | 'error-after';

interface Waiting {
  readonly call: string;
  resume(turn: Turn): void;
}

/**
 * One invocation of a function. Each of its port calls waits for a turn, so that the world decides the order of all calls of
 * all processes, and may let a call fail before or after its effect. A killed process is never resumed: it stands still between
 * two calls for ever.
 */
export class Process {
  readonly id: number;
  #waiting: Waiting[] = [];
  #isAlive = true;
  isDone = false;

  constructor(id: number) {
    this.id = id;
  }

  /** The call it waits at, if it waits. */
  get call(): string | undefined {
    return this.#waiting[0]?.call;
  }

  kill(): void {
    this.#isAlive = false;
    this.isDone = true;
    this.#waiting = [];
  }

  resume(turn: Turn): void {
    this.#waiting.shift()?.resume(turn);
  }

  turn(call: string): Promise<Turn> {
    return new Promise((resume) => {
      if (this.#isAlive) this.#waiting.push({ call, resume });
    });
  }

  /** The port as this process sees it. */
  through<Port extends object>(name: string, port: Port): Port {
    return new Proxy(port, {
      get: (target, property) => {
        const method: unknown = Reflect.get(target, property);
        if (typeof method !== 'function') return method;
        const call = `${name}.${String(property)}`;
        return (...args: unknown[]) => this.#call(call, () => Reflect.apply(method, target, args));
      },
    });
  }

  #call(call: string, effect: () => unknown): unknown {
    return STREAMS.has(call) ? this.#stream(call, effect) : this.#step(call, effect);
  }

  async #step(call: string, effect: () => unknown): Promise<unknown> {
    const turn = await this.turn(call);
    if (turn === 'error-before') throw new InjectedError(`${call} failed before its effect`);
    const result = await effect();
    if (turn === 'error-after') throw new InjectedError(`${call} failed after its effect`);
    return result;
  }

  async *#stream(call: string, effect: () => unknown): AsyncGenerator {
    await this.#step(call, () => undefined);
    yield* effect() as AsyncIterable<unknown>;
  }
}

/** Port methods that answer with a stream. */
const STREAMS = new Set(['sources.open', 'failures.list']);

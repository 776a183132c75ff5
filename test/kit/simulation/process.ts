/** The error that the world throws into a simulated process in place of a service's failure. */
export class InjectedError extends Error {
  override readonly name = 'InjectedError';
}

/** What the world does to a process that waits at a port call. */
export type Turn = 'go' | 'error-before' | 'error-after' | 'error-part' | 'kill-before' | 'kill-after';

export interface Waiting {
  readonly call: string;
  readonly args: readonly unknown[];
  resume(turn: Turn): void;
}

/** The calls that handle many things at once, and may fail after some of them: each cuts its arguments to those. */
const CUT_TO_PART: Readonly<Record<string, (args: readonly unknown[]) => readonly unknown[]>> = {
  'tasks.putRows': ([tenant, rows]) => [tenant, half(rows)],
  'tasks.voidRows': ([tenant, ids, run]) => [tenant, half(ids), run],
  'tasks.restoreRows': ([tenant, ids, run]) => [tenant, half(ids), run],
  'tasks.releaseRows': ([tenant, ids, run]) => [tenant, half(ids), run],
  'batches.send': ([batches]) => [half(batches)],
};

const half = (values: unknown): unknown =>
  Array.isArray(values) ? values.slice(0, Math.ceil(values.length / 2)) : values;

/** The port methods that return a stream. */
const STREAMS = new Set(['sources.open', 'failures.list', 'jobs.listStalled']);

/**
 * One invocation of a function. Each of its port calls waits for a turn. So the world decides the order of all calls of
 * all processes, and may let a call fail before, after or in the middle of its effect. A killed process is never
 * resumed: it stops between two calls.
 */
export class Process {
  readonly id: number;
  readonly name: string;
  readonly waiting: Waiting[] = [];
  /** Receives every call that had its effect. */
  observe: (call: string, args: readonly unknown[], result: unknown) => void = () => undefined;
  hasFailed = false;
  #isAlive = true;

  constructor(id: number, name: string) {
    this.id = id;
    this.name = name;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  kill(): void {
    this.#isAlive = false;
    this.waiting.length = 0;
  }

  /** Returns the port as this process sees it. */
  through<Port extends object>(name: string, port: Port): Port {
    return new Proxy(port, {
      get: (target, property) => {
        const method: unknown = Reflect.get(target, property);
        if (typeof method !== 'function') return method;
        const call = `${name}.${String(property)}`;
        const effect = (args: readonly unknown[]): unknown => Reflect.apply(method, target, args);
        return (...args: unknown[]) =>
          STREAMS.has(call) ? this.#stream(call, args, effect) : this.#step(call, args, effect);
      },
    });
  }

  #turn(call: string, args: readonly unknown[]): Promise<Turn> {
    return new Promise((resume) => {
      if (this.#isAlive) this.waiting.push({ call, args, resume });
    });
  }

  async #step(call: string, args: readonly unknown[], effect: (args: readonly unknown[]) => unknown): Promise<unknown> {
    const turn = await this.#turn(call, args);
    const cut = CUT_TO_PART[call];
    if (turn !== 'go') this.hasFailed = true;
    if (turn === 'error-part' && cut) this.observe(call, cut(args), await effect(cut(args)));
    if (turn === 'error-before' || turn === 'error-part') throw new InjectedError(`${call}: ${turn}`);
    const result = await effect(args);
    this.observe(call, args, result);
    if (turn === 'error-after') throw new InjectedError(`${call}: ${turn}`);
    return this.#isAlive ? result : new Promise(() => undefined);
  }

  /** Fails before the first piece or right after it. */
  async *#stream(
    call: string,
    args: readonly unknown[],
    effect: (args: readonly unknown[]) => unknown,
  ): AsyncGenerator {
    const turn = await this.#turn(call, args);
    if (turn === 'error-before' || turn === 'error-part') throw new InjectedError(`${call}: ${turn}`);
    for await (const piece of effect(args) as AsyncIterable<unknown>) {
      if (!this.#isAlive) await new Promise(() => undefined);
      yield piece;
      if (turn === 'error-after') throw new InjectedError(`${call}: ${turn}`);
    }
  }
}

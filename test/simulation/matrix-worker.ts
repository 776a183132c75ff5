import { parentPort, workerData } from 'node:worker_threads';
import {
  Dice,
  LIMITS,
  NO_BACKLOG,
  NO_FAULTS,
  numbersOf,
  simulate,
  type Outcome,
  type Plan,
  type Turn,
} from '../kit/simulation/index.ts';

export interface MatrixTask {
  readonly worker: number;
  readonly workers: number;
  /** The seed of the order of the pairs. */
  readonly seed: number;
  /** The worker tries at least this many pairs, however long they take. */
  readonly pairsAtLeast: number;
  /** The worker tries more pairs only within this time. */
  readonly milliseconds: number;
  readonly variant: MatrixVariant;
}

export interface MatrixVariant {
  /** The value of every choice: 0 runs one process after the other, any other value interleaves them. */
  readonly choice: number;
  readonly maxReceives: number;
  /** Whether the row that the first rules refuse is redriven under other rules. */
  readonly isRedriven: boolean;
}

export interface MatrixResult {
  readonly cleanCalls: number;
  readonly singles: number;
  readonly pairs: number;
  /** The number of pairs that exist. Fewer were tried if the time was up before. */
  readonly allPairs: number;
  readonly failing: readonly string[];
}

const KINDS = ['error-before', 'error-after', 'kill-before', 'kill-after'] as const satisfies readonly Turn[];

/** A plan with three rows, one of them invalid. Each is a batch, in one full segment and a partial one. */
const planOf = ({ maxReceives, isRedriven }: MatrixVariant): Plan => ({
  files: [
    {
      way: 'uploaded',
      rows: (['plain', isRedriven ? 'plain' : 'blank', 'plain'] as const).map((form, index) => ({
        form,
        isOutdated: index === 1,
        isKiller: false,
      })),
    },
  ],
  cut: { itemsPerBatch: 1, batchesPerSegment: 2, batchBytes: 10_000 },
  laterCut: { itemsPerBatch: 1, batchesPerSegment: 2, batchBytes: 10_000 },
  limits: LIMITS,
  pieceBytes: 1_000,
  faults: NO_FAULTS,
  faultySteps: 0,
  redrives: isRedriven ? 1 : 0,
  deployBetween: isRedriven,
  strictAtFirst: isRedriven,
  sweep: false,
  maxReceives,
  backsOff: false,
  isFirstDeadly: false,
  pace: 1,
  ...NO_BACKLOG,
});

type Fault = readonly [call: number, kind: Turn];

class Matrix {
  readonly #task: MatrixTask;
  readonly #plan: Plan;
  readonly #failing: string[] = [];

  constructor(task: MatrixTask) {
    this.#task = task;
    this.#plan = planOf(task.variant);
  }

  /**
   * Tries every single fault, which also shows the calls after it. Then it tries pairs, in an order in which no call is
   * always the last.
   */
  async run(): Promise<MatrixResult> {
    const { seed, pairsAtLeast, milliseconds } = this.#task;
    const until = performance.now() + milliseconds;
    const { calls: cleanCalls } = await this.#case([]);
    const firsts = this.#mine(faultsFrom(0, cleanCalls));
    const pairs: (readonly [Fault, Fault])[] = [];
    for (const first of firsts) {
      const { calls } = await this.#case([first]);
      pairs.push(...faultsFrom(first[0] + 1, calls).map((second) => [first, second] as const));
    }
    let tried = 0;
    for (const pair of shuffled(pairs, seed)) {
      if (tried >= pairsAtLeast && performance.now() > until) break;
      await this.#case(pair);
      tried += 1;
    }
    const failing = this.#failing.slice(0, FAILING_MAX);
    return { cleanCalls, singles: firsts.length, pairs: tried, allPairs: pairs.length, failing };
  }

  #mine<T>(all: readonly T[]): readonly T[] {
    return all.filter((_, index) => index % this.#task.workers === this.#task.worker);
  }

  async #case(injected: readonly Fault[]): Promise<Outcome> {
    const { choice } = this.#task.variant;
    const outcome = await simulate(this.#plan, new Dice(always(choice)), { injected: new Map(injected) });
    const faults = injected.map(([call, kind]) => `${kind} at call ${call}`).join(', ');
    this.#failing.push(...outcome.violations.map((violation) => `${faults}: ${violation}`));
    return outcome;
  }
}

/** Returns each kind of fault at each call, beginning with call `from`. */
const faultsFrom = (from: number, calls: number): readonly Fault[] =>
  Array.from({ length: Math.max(0, calls - from) }, (_, index) => from + index).flatMap((call) =>
    KINDS.map((kind) => [call, kind] as const),
  );

function shuffled<T>(all: readonly T[], seed: number): readonly T[] {
  const dice = new Dice(numbersOf(seed));
  const order = [...all];
  for (let last = order.length - 1; last > 0; last--) {
    const other = dice.roll(last + 1);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}

/** More failing cases would show nothing new. */
const FAILING_MAX = 20;

function* always(choice: number): Generator<number> {
  for (;;) yield choice;
}

parentPort?.postMessage(await new Matrix(workerData).run());

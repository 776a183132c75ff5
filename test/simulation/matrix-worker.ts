import { parentPort, workerData } from 'node:worker_threads';
import { Dice, LIMITS, NO_FAULTS, simulate, type Outcome, type Plan, type Turn } from '../kit/simulation/index.ts';

export interface MatrixTask {
  readonly worker: number;
  readonly workers: number;
  readonly milliseconds: number;
  readonly variant: MatrixVariant;
}

export interface MatrixVariant {
  /** What every choice comes to: 0 runs one process after the other, anything else mixes them. */
  readonly choice: number;
  readonly maxReceives: number;
  /** The row that the first rules refuse is redriven under other ones. */
  readonly isRedriven: boolean;
  /** Every second fault after each first one, too. */
  readonly pairs: boolean;
}

export interface MatrixResult {
  readonly cleanCalls: number;
  readonly singles: number;
  readonly pairs: number;
  /** False: the time was over before the last pair. */
  readonly isComplete: boolean;
  readonly failing: readonly string[];
}

const KINDS = ['error-before', 'error-after', 'kill-before', 'kill-after'] as const satisfies readonly Turn[];

/** Three rows, one of them invalid, each a batch of its own, in a full segment and a partial one. */
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
  pace: 1,
});

class Matrix {
  readonly #task: MatrixTask;
  readonly #plan: Plan;
  readonly #until: number;
  readonly #failing: string[] = [];
  #singles = 0;
  #pairs = 0;
  #isComplete = true;

  constructor(task: MatrixTask) {
    this.#task = task;
    this.#plan = planOf(task.variant);
    this.#until = performance.now() + task.milliseconds;
  }

  async run(): Promise<MatrixResult> {
    const { calls } = await this.#case(new Map());
    const firsts = Array.from({ length: calls }, (_, call) => call).flatMap((call) =>
      KINDS.map((kind) => [call, kind] as const),
    );
    for (const [number, [call, kind]] of firsts.entries()) {
      if (number % this.#task.workers === this.#task.worker) await this.#first(call, kind);
    }
    const { singles, pairs, isComplete, failing } = this.#counts();
    return { cleanCalls: calls, singles, pairs, isComplete, failing };
  }

  async #first(call: number, kind: Turn): Promise<void> {
    const single = await this.#case(new Map([[call, kind]]));
    this.#singles += 1;
    if (!this.#task.variant.pairs) return;
    for (let second = call + 1; second < single.calls; second++) {
      for (const secondKind of KINDS) {
        if (performance.now() > this.#until) {
          this.#isComplete = false;
          return;
        }
        await this.#case(
          new Map([
            [call, kind],
            [second, secondKind],
          ]),
        );
        this.#pairs += 1;
      }
    }
  }

  async #case(injected: ReadonlyMap<number, Turn>): Promise<Outcome> {
    const { choice } = this.#task.variant;
    const outcome = await simulate(this.#plan, new Dice(always(choice)), { injected });
    const faults = [...injected].map(([call, kind]) => `${kind} at call ${call}`).join(', ');
    this.#failing.push(...outcome.violations.map((violation) => `${faults}: ${violation}`));
    return outcome;
  }

  #counts() {
    const [singles, pairs, isComplete, failing] = [this.#singles, this.#pairs, this.#isComplete, this.#failing];
    return { singles, pairs, isComplete, failing: failing.slice(0, FAILING_MAX) };
  }
}

/** More would tell nothing new. */
const FAILING_MAX = 20;

function* always(choice: number): Generator<number> {
  for (;;) yield choice;
}

parentPort?.postMessage(await new Matrix(workerData).run());

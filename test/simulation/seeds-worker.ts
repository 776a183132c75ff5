import { parentPort, workerData } from 'node:worker_threads';
import { Dice, numbersOf, planOf, simulate } from '../kit/simulation/index.ts';

export interface SeedsTask {
  /** The first seed of this worker. */
  readonly from: number;
  /** The distance between two seeds. The seeds in between belong to the other workers. */
  readonly step: number;
  /** The worker plays at least this many histories, however long they take. */
  readonly atLeast: number;
  /** The worker plays at most this many histories. */
  readonly atMost: number;
  /** The worker plays more than `atLeast` only within this time. */
  readonly milliseconds: number;
}

export interface SeedsResult {
  readonly histories: number;
  readonly portCalls: number;
  readonly swept: number;
  readonly struck: Record<string, number>;
  readonly failing: readonly { readonly seed: number; readonly violations: readonly string[] }[];
}

/** More failing seeds would show nothing new. */
const FAILING_MAX = 10;

async function runSeeds({ from, step, atLeast, atMost, milliseconds }: SeedsTask): Promise<SeedsResult> {
  const until = performance.now() + milliseconds;
  const struck: Record<string, number> = {};
  const failing: { seed: number; violations: readonly string[] }[] = [];
  let [histories, portCalls, swept] = [0, 0, 0];
  const goesOn = (): boolean => histories < atLeast || (histories < atMost && performance.now() < until);
  for (let seed = from; goesOn() && failing.length < FAILING_MAX; seed += step) {
    const plan = planOf(seed);
    const { history, violations, calls } = await simulate(plan, new Dice(numbersOf(seed)));
    histories += 1;
    portCalls += calls;
    swept += Number(plan.sweep);
    for (const [fault, count] of Object.entries(history.struck)) struck[fault] = (struck[fault] ?? 0) + count;
    if (violations.length > 0) failing.push({ seed, violations });
  }
  return { histories, portCalls, swept, struck, failing };
}

parentPort?.postMessage(await runSeeds(workerData));

import { expect, it } from '@jest/globals';
import { inWorkers, WORKERS } from './in-worker.ts';
import type { SeedsResult, SeedsTask } from './seeds-worker.ts';
import { wholeNumber } from './whole-number.ts';

/** The time for the search, however fast the machine is. */
const BUDGET_MS = 20_000;

/** The fewest histories. A machine that plays fewer within the budget takes longer. */
const AT_LEAST = 4_000;

/** `SIM_SEEDS` sets the exact number of histories, `SIM_FROM` the first seed. */
const exactly = wholeNumber('SIM_SEEDS');
const from = wholeNumber('SIM_FROM') ?? 0;
const amount = exactly === undefined ? `${AT_LEAST} histories and more` : `${exactly} histories`;

it(`keeps every guarantee in ${amount} from seed ${from} on`, async () => {
  const startedAt = performance.now();
  const results = await inWorkers<SeedsResult>('./seeds-worker.ts', (worker): SeedsTask => {
    const share = (all: number): number => Math.ceil((all - worker) / WORKERS);
    return {
      from: from + worker,
      step: WORKERS,
      atLeast: share(exactly ?? AT_LEAST),
      atMost: exactly === undefined ? Infinity : share(exactly),
      milliseconds: BUDGET_MS,
    };
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  const failing = results.flatMap((result) => result.failing);
  process.stdout.write(`${summaryOf(results, seconds)}\n`);
  expect(failing.map(({ seed, violations }) => `${replayOf(seed)}: ${violations.join('; ')}`)).toEqual([]);
  const histories = sum(results, 'histories');
  if (exactly === undefined) expect(histories).toBeGreaterThanOrEqual(AT_LEAST);
  else expect(histories).toBe(exactly);
});

const replayOf = (seed: number): string => `node test/simulation/replay.ts --seed ${seed}`;

const sum = (results: readonly SeedsResult[], of: 'histories' | 'portCalls' | 'swept'): number =>
  results.reduce((total, result) => total + result[of], 0);

function summaryOf(results: readonly SeedsResult[], seconds: number): string {
  const struck = new Map<string, number>();
  for (const result of results) {
    for (const [fault, count] of Object.entries(result.struck)) struck.set(fault, (struck.get(fault) ?? 0) + count);
  }
  const faults = [...struck].toSorted(([, a], [, b]) => b - a).map(([fault, count]) => `${count} ${fault}`);
  const histories = sum(results, 'histories');
  return [
    `from seed ${from} on: ${histories} histories, ${sum(results, 'swept')} with the sweep on, ${sum(results, 'portCalls')} port calls`,
    `faults: ${faults.join(', ')}`,
    `violations: ${results.flatMap(({ failing }) => failing).length}; ${seconds.toFixed(1)} s, ${Math.round(histories / seconds)} histories a second`,
  ].join('\n');
}

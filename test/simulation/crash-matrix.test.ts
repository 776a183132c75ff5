import { describe, expect, it } from '@jest/globals';
import { inWorkers, WORKERS } from './in-worker.ts';
import type { MatrixResult, MatrixTask, MatrixVariant } from './matrix-worker.ts';
import { wholeNumber } from './whole-number.ts';

/** The time for each variant, however fast the machine is. */
const BUDGET_MS = 6_000;

/** The fewest pairs for each variant. A machine that tries fewer within the budget takes longer. */
const PAIRS_AT_LEAST = 2_000;

/**
 * Each run orders the pairs differently, so that many short runs cover all of them. `SIM_PAIRS_SEED` repeats an order.
 */
const seed = wholeNumber('SIM_PAIRS_SEED') ?? Math.floor(Math.random() * 2 ** 31);

/** `SIM_PAIRS=all` tries every pair, however long that takes. */
const isComplete = ((pairs = ''): boolean => {
  if (pairs !== '' && pairs !== 'all') throw new RangeError(`SIM_PAIRS="${pairs}": set it to all, or leave it out.`);
  return pairs === 'all';
})(process.env['SIM_PAIRS']);

const variants: readonly [string, MatrixVariant][] = [
  ['processes one after the other, three deliveries of a message', { choice: 0, maxReceives: 3, isRedriven: false }],
  ['processes interleaved, every failed message a dead letter', { choice: 2, maxReceives: 1, isRedriven: false }],
  [
    'processes one after the other, and a redrive of the row that failed',
    { choice: 0, maxReceives: 3, isRedriven: true },
  ],
];

describe(`a file of three rows is processed exactly without the sweep (SIM_PAIRS_SEED=${seed})`, () => {
  it.each(variants)('after every single fault and after pairs of faults at its port calls: %s', async (_, variant) => {
    const startedAt = performance.now();
    const results = await inWorkers<MatrixResult>('./matrix-worker.ts', (worker): MatrixTask => ({
      worker,
      workers: WORKERS,
      seed,
      pairsAtLeast: isComplete ? Infinity : PAIRS_AT_LEAST / WORKERS,
      milliseconds: BUDGET_MS,
      variant,
    }));
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    const sum = (of: 'singles' | 'pairs' | 'allPairs'): number => results.reduce((all, result) => all + result[of], 0);
    process.stdout.write(
      `${results[0]?.cleanCalls} port calls: ${sum('singles')} single faults, ` +
        `${sum('pairs')} of ${sum('allPairs')} pairs in the order of SIM_PAIRS_SEED=${seed}, ${seconds} s\n`,
    );
    expect(results.flatMap(({ failing }) => failing)).toEqual([]);
    expect(sum('singles')).toBe((results[0]?.cleanCalls ?? 0) * 4);
    expect(sum('pairs')).toBeGreaterThanOrEqual(isComplete ? sum('allPairs') : PAIRS_AT_LEAST);
  });
});

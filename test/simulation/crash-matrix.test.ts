import { describe, expect, it } from '@jest/globals';
import { inWorkers, WORKERS } from './in-worker.ts';
import type { MatrixResult, MatrixTask, MatrixVariant } from './matrix-worker.ts';
import { wholeNumber } from './whole-number.ts';

/** How long each variant lasts, however fast the machine is. */
const BUDGET_MS = 6_000;

/** Of each variant. A machine that tries fewer within the budget takes longer. */
const PAIRS_AT_LEAST = 2_000;

/**
 * Another order of the pairs each time, so that many short runs come to cover them all. `SIM_PAIRS_SEED` repeats one.
 */
const seed = wholeNumber('SIM_PAIRS_SEED') ?? Math.floor(Math.random() * 2 ** 31);

/** `SIM_PAIRS=all` tries every pair, however long that takes. */
const isComplete = ((pairs = ''): boolean => {
  if (pairs !== '' && pairs !== 'all') throw new RangeError(`SIM_PAIRS="${pairs}": set it to all, or leave it out.`);
  return pairs === 'all';
})(process.env['SIM_PAIRS']);

const variants: readonly [string, MatrixVariant][] = [
  ['one process after the other, three deliveries of a message', { choice: 0, maxReceives: 3, isRedriven: false }],
  ['processes mixed, every message that fails a dead letter', { choice: 2, maxReceives: 1, isRedriven: false }],
  ['and a redrive of the row that failed', { choice: 0, maxReceives: 3, isRedriven: true }],
];

describe(`with the sweep off, a file of three rows is exact after (SIM_PAIRS_SEED=${seed})`, () => {
  it.each(variants)('every fault and pairs of faults at its port calls: %s', async (_, variant) => {
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

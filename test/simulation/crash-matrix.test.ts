import { describe, expect, it } from '@jest/globals';
import { inWorkers, WORKERS } from './in-worker.ts';
import type { MatrixResult, MatrixTask, MatrixVariant } from './matrix-worker.ts';

/** Fifteen seconds are enough on idle cores. If the pairs do not all fit, the test fails and says how many did. */
const MILLISECONDS_PER_VARIANT = 150_000;

const variants: readonly [string, MatrixVariant][] = [
  [
    'one process after the other, three deliveries of a message',
    { choice: 0, maxReceives: 3, isRedriven: false, pairs: true },
  ],
  [
    'processes mixed, every message that fails a dead letter',
    { choice: 2, maxReceives: 1, isRedriven: false, pairs: true },
  ],
  ['and a redrive of the row that failed', { choice: 0, maxReceives: 3, isRedriven: true, pairs: true }],
];

describe('with the sweep off, a file of three rows is exact after', () => {
  it.each(variants)('every fault and every pair of faults at its port calls: %s', async (_, variant) => {
    const startedAt = performance.now();
    const results = await inWorkers<MatrixResult>('./matrix-worker.ts', (worker): MatrixTask => ({
      worker,
      workers: WORKERS,
      milliseconds: MILLISECONDS_PER_VARIANT,
      variant,
    }));
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    const singles = results.reduce((sum, result) => sum + result.singles, 0);
    const pairs = results.reduce((sum, result) => sum + result.pairs, 0);
    process.stdout.write(
      `${results[0]?.cleanCalls} port calls: ${singles} single faults, ${pairs} pairs, ${seconds} s\n`,
    );
    expect(results.flatMap(({ failing }) => failing)).toEqual([]);
    expect(singles).toBe((results[0]?.cleanCalls ?? 0) * 4);
    expect(results.map(({ isComplete }) => isComplete)).toEqual(results.map(() => true));
  });
});

import { expect, it } from '@jest/globals';
import { inWorkers, WORKERS } from './in-worker.ts';
import type { SeedsResult, SeedsTask } from './seeds-worker.ts';

/** `SIM_SEEDS` runs more, `SIM_FROM` others. */
const COUNT = Number(process.env['SIM_SEEDS'] ?? 20_000);
const FROM = Number(process.env['SIM_FROM'] ?? 0);

/** A slow core that has other work besides plays 50 histories in a second. */
const TIME_LIMIT_MS = 60_000 + (COUNT / WORKERS) * 20;

it(
  `keeps every guarantee in ${COUNT} histories from seed ${FROM} on`,
  async () => {
    const startedAt = performance.now();
    const results = await inWorkers<SeedsResult>('./seeds-worker.ts', (worker): SeedsTask => ({
      from: FROM + worker,
      to: FROM + COUNT,
      step: WORKERS,
    }));
    const seconds = (performance.now() - startedAt) / 1_000;
    const failing = results.flatMap((result) => result.failing);
    process.stdout.write(`${summaryOf(results, seconds)}\n`);
    expect(failing.map(({ seed, violations }) => `${replayOf(seed)}: ${violations.join('; ')}`)).toEqual([]);
    expect(sum(results, 'histories')).toBe(COUNT);
  },
  TIME_LIMIT_MS,
);

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
    `seeds ${FROM} to ${FROM + COUNT - 1}: ${histories} histories, ${sum(results, 'swept')} with the sweep on, ${sum(results, 'portCalls')} port calls`,
    `faults: ${faults.join(', ')}`,
    `violations: ${results.flatMap(({ failing }) => failing).length}; ${seconds.toFixed(1)} s, ${Math.round(histories / seconds)} histories a second`,
  ].join('\n');
}

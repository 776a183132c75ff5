import { dollarsOf } from './cost.ts';
import type { Result } from './result.ts';
import { median } from './statistics.ts';

/** A goal of the benchmark and its measurement; undefined if this run did not measure it. */
export interface Goal {
  readonly name: string;
  readonly limit: number;
  readonly wanted: 'at least' | 'at most';
  readonly measured: number | undefined;
}

/** The least number of latencies. Of fewer, the 99th percentile is only the slowest one. */
const LATENCIES_MIN = 100;

const [SMALL, MIDDLE, LARGE] = [10_000, 100_000, 1_000_000];

/**
 * Returns the goals with their measurements. A run with small files does not measure some of them, because the fixed
 * cost of a file and its cold starts would dominate.
 */
export function toGoals(result: Result): readonly Goal[] {
  const { project, textbook, ceiling, scope, sandboxes, writeUnitsPerRow, cost, latency } = result;
  const rateAt = (rows: number): number | undefined =>
    medianOf(project.find((one) => one.rows === rows)?.rowsPerSecond);
  const compared = scope.rows < MIDDLE ? undefined : rateAt(scope.rows);
  const heldAt = (rows: number, of: 'splitterHeldBytes' | 'workerHeldBytes'): number | undefined =>
    sandboxes.find((one) => one.rows === rows)?.[of];
  const lags = project.find(({ rows }) => rows === scope.rows)?.lagSeconds;
  return [
    atLeast(12, 'rows/s over the textbook algorithm', ratio(compared, medianOf(textbook))),
    atLeast(0.75, 'share of the raw write ceiling', ratio(compared, medianOf(ceiling))),
    atMost(1.05, 'write units per row, in order', writeUnitsPerRow.inOrder),
    atMost(1.1, 'write units per row, shuffled', writeUnitsPerRow.shuffled),
    atMost(0.75, 'dollars per million rows', dollarsOf(cost)),
    ...(['splitter', 'worker'] as const).map((name) =>
      atMost(
        1.1,
        `${name} memory, 1,000,000 over 10,000 rows`,
        ratio(heldAt(LARGE, `${name}HeldBytes`), heldAt(SMALL, `${name}HeldBytes`)),
      ),
    ),
    atLeast(0.9, 'rows/s, 1,000,000 over 100,000 rows', ratio(rateAt(LARGE), rateAt(MIDDLE))),
    atMost(1, 'seconds from last row to COMPLETED', medianOf(lags)),
    atMost(50, 'p99 of GET /task-files/{id} in ms', latency.count < LATENCIES_MIN ? undefined : latency.p99),
  ];
}

const atLeast = (limit: number, name: string, measured: number | undefined): Goal => ({
  name,
  limit,
  wanted: 'at least',
  measured,
});

const atMost = (limit: number, name: string, measured: number | undefined): Goal => ({
  name,
  limit,
  wanted: 'at most',
  measured,
});

const medianOf = (samples: readonly number[] = []): number | undefined =>
  samples.length === 0 ? undefined : median(samples);

const ratio = (of: number | undefined, to: number | undefined): number | undefined =>
  of === undefined || to === undefined ? undefined : of / to;

export function toVerdict({ limit, wanted, measured }: Goal): 'pass' | 'MISS' | 'not measured' {
  if (measured === undefined) return 'not measured';
  return (wanted === 'at least' ? measured >= limit : measured <= limit) ? 'pass' : 'MISS';
}

export const toLine = (goal: Goal): string =>
  `${toVerdict(goal)}: ${goal.name}: ${goal.measured?.toFixed(3) ?? '-'} (${goal.wanted} ${goal.limit})`;

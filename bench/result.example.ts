// An example result for tests.
import type { Result } from './result.ts';
import { toScope, type RequestedScope } from './scope.ts';

/**
 * Makes the result of a run with 6,000 rows/s at 10,000 rows and 9,000 at more. Its splitter holds 50 bytes, and 1 more
 * for each 100,000 rows.
 */
export function makeExampleResult(requested: RequestedScope): Result {
  const scope = toScope(requested);
  const operations = [{ service: 'sns', operation: 'Publish', calls: scope.rows, readUnits: 0, writeUnits: 0 }];
  const counts = { rows: scope.rows, operations };
  const rateAt = (rows: number): readonly number[] => (rows > 10_000 ? [8_000, 9_000, 10_000] : [6_000]);
  return {
    at: '2026-01-31T08:00:00.000Z',
    scope,
    state: 'memory',
    seed: 1,
    clients: 5,
    machine: { cores: 2 },
    configuration: { 'rows of a message': 25 },
    project: scope.sizes.map((rows) => ({ rows, rowsPerSecond: rateAt(rows), lagSeconds: [rows / 200_000] })),
    textbook: [500, 600, 700],
    ceiling: [10_000],
    latency: { count: requested.quick ? 99 : 100, failed: 0, p50: 5, p99: 50.5 },
    calls: { inOrder: counts, shuffled: { rows: scope.rows, operations: [] } },
    writeUnitsPerRow: { inOrder: 1.01, shuffled: 1.11 },
    prices: { region: 'us-east-1', asOf: '2026-11-27' },
    cost: [
      { what: 'tableWriteUnits', units: 1_000_000, dollars: 0.625 },
      { what: 'queueRequests', units: 10_000, dollars: 0.004 },
    ],
    sandboxes: scope.sizes.map((rows) => ({
      rows,
      splitterHeldBytes: 50 + rows / 100_000,
      workerHeldBytes: 40,
      invocations: 1,
      gigabyteSeconds: 1,
    })),
  };
}

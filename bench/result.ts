import { costOf, type CostLine } from './cost.ts';
import { writeUnitsPerRow, type FileCounts } from './counts.ts';
import type { Means, Measured } from './measure.ts';
import type { Observation } from './observe.ts';
import { prices } from '../cli/plan/prices.ts';
import type { Scope } from './scope.ts';
import { readMachine, type Setting } from './setting.ts';
import { median, quantile } from './statistics.ts';

/** The printed and saved result: the measurements, and what follows from them. */
export interface Result {
  /** The time in ISO 8601, UTC. */
  readonly at: string;
  readonly scope: Scope;
  readonly state: 'memory' | 'disk';
  readonly seed: number;
  readonly clients: number;
  readonly machine: Setting;
  readonly configuration: Setting;
  /** The rows per second by size, ascending. */
  readonly project: readonly SizeSamples[];
  readonly textbook: readonly number[];
  readonly ceiling: readonly number[];
  /** The milliseconds of `GET /task-files/{id}` while a file of `scope.rows` ran. */
  readonly latency: { readonly count: number; readonly failed: number; readonly p50: number; readonly p99: number };
  readonly calls: { readonly inOrder: FileCounts; readonly shuffled: FileCounts };
  readonly writeUnitsPerRow: { readonly inOrder: number; readonly shuffled: number };
  readonly prices: { readonly region: string; readonly asOf: string };
  /** The cost of a million rows. */
  readonly cost: readonly CostLine[];
  /** The observations by size, ascending. */
  readonly sandboxes: readonly Observation[];
}

export interface SizeSamples {
  readonly rows: number;
  readonly rowsPerSecond: readonly number[];
  readonly lagSeconds: readonly number[];
}

export function toResult(at: string, scope: Scope, means: Means, measured: Measured): Result {
  const { configuration, files, textbook, ceiling, inOrder, shuffled, observed } = measured;
  const runs = files.get(scope.rows) ?? [];
  const latencies = runs.flatMap((run) => run.latencies);
  const failed = runs.reduce((sum, { failedReads }) => sum + failedReads, 0);
  const comparable = observed.find(({ rows }) => rows === scope.rows);
  if (!comparable) throw new RangeError(`Nothing was observed at ${scope.rows} rows, the size of the comparison.`);
  return {
    at,
    scope,
    state: means.dataDir === undefined ? 'memory' : 'disk',
    seed: means.seed,
    clients: means.clients,
    machine: readMachine(),
    configuration,
    project: [...files].map(([rows, of]) => ({
      rows,
      rowsPerSecond: of.map(({ rowsPerSecond }) => rowsPerSecond),
      lagSeconds: of.map(({ lagSeconds }) => lagSeconds),
    })),
    textbook,
    ceiling,
    latency: { count: latencies.length, failed, p50: median(latencies), p99: quantile(latencies, 0.99) },
    calls: { inOrder, shuffled },
    writeUnitsPerRow: { inOrder: writeUnitsPerRow(inOrder), shuffled: writeUnitsPerRow(shuffled) },
    prices: { region: 'us-east-1', asOf: prices.dynamoWrite.checked },
    cost: costOf(inOrder, comparable),
    sandboxes: observed,
  };
}

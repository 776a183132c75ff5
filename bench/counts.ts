import type { CallCount } from '../local/gate/call/call-counter.ts';
import { until } from '../test/e2e/support/until.ts';
import type { Service } from '../test/e2e/support/service.ts';
import { findFunction, runFile } from './project.ts';

/** All calls of the functions to the services for a file of this many rows. */
export interface FileCounts {
  readonly rows: number;
  readonly operations: readonly OperationCount[];
}

export type OperationCount = Pick<CallCount, 'service' | 'operation' | 'calls' | 'readUnits' | 'writeUnits'>;

/** Counts the calls of a file to its end, when the last report is written and the last message deleted. */
export async function countFile(service: Service, rows: number): Promise<FileCounts> {
  const { gate, stack } = service.cloud;
  await gate.countUnits(true);
  await runFile(service, rows);
  await until(
    'empty queues',
    () => service.aws.queueDepths(),
    (depths) => Object.values(depths).every((depth) => depth === 0),
  );
  // The benchmark polls the file itself; these calls are not part of its cost.
  const polled = findFunction(stack.functions.values(), 'GetTaskFile');
  const callers = new Set([...stack.functions.values()].map(({ accessKeyId }) => accessKeyId));
  callers.delete(polled.accessKeyId);
  return { rows, operations: byOperation((await gate.counts()).filter(({ caller }) => callers.has(caller))) };
}

/** Sums the counts over the callers. */
export const byOperation = (counts: readonly CallCount[]): readonly OperationCount[] =>
  [...Map.groupBy(counts, ({ service, operation }) => `${service} ${operation}`).values()].flatMap((alike) =>
    alike.slice(0, 1).map(({ service, operation }) => ({
      service,
      operation,
      calls: sumOf(alike, 'calls'),
      readUnits: sumOf(alike, 'readUnits'),
      writeUnits: sumOf(alike, 'writeUnits'),
    })),
  );

export const sumOf = (counts: readonly OperationCount[], what: 'calls' | 'readUnits' | 'writeUnits'): number =>
  counts.reduce((sum, one) => sum + one[what], 0);

export const writeUnitsPerRow = ({ rows, operations }: FileCounts): number => sumOf(operations, 'writeUnits') / rows;

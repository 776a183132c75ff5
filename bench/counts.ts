import type { CallCount } from '../local/gate/call/call-counter.ts';
import { until } from '../test/e2e/support/until.ts';
import type { Service } from '../test/e2e/support/service.ts';
import { functionNamed, runFile } from './project.ts';

/** All that the functions asked of the services for a file of so many rows. */
export interface FileCounts {
  readonly rows: number;
  readonly operations: readonly OperationCount[];
}

export type OperationCount = Pick<CallCount, 'service' | 'operation' | 'calls' | 'readUnits' | 'writeUnits'>;

/** Counts a file to its end, with the last report written and the last message deleted. */
export async function countFile(service: Service, rows: number): Promise<FileCounts> {
  const { gate, stack } = service.cloud;
  await gate.countUnits(true);
  await runFile(service, rows);
  await until(
    'empty queues',
    () => service.aws.queueDepths(),
    (depths) => Object.values(depths).every((depth) => depth === 0),
  );
  // The benchmark's own questions after the file are none of its cost.
  const asked = functionNamed(stack.functions.values(), 'GetTaskFile');
  const callers = new Set([...stack.functions.values()].map(({ accessKeyId }) => accessKeyId));
  callers.delete(asked.accessKeyId);
  return { rows, operations: byOperation((await gate.counts()).filter(({ caller }) => callers.has(caller))) };
}

/** Sums over the callers. */
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

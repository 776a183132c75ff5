import { dollarsOf } from './cost.ts';
import type { OperationCount } from './counts.ts';
import { lineOf, type Goal } from './goals.ts';
import { PRICES } from './prices.ts';
import type { Result } from './result.ts';
import type { Setting } from './setting.ts';
import { median } from './statistics.ts';

const MIB = 2 ** 20;

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

/** The result for a person to read. */
export function print(result: Result, goals: readonly Goal[]): void {
  const { scope, state, seed, machine, configuration, latency } = result;
  console.log(`\nScope: ${scope.name}. State: ${state}. ${settingLine(machine)}`);
  console.log(settingLine(configuration));
  console.log('\nRows, and items of the ceiling, per second');
  console.table(rates(result));
  console.log(
    '\nSandboxes, by size: the most memory that one held, in MiB of JavaScript heap and buffers, garbage included',
  );
  console.table(sandboxes(result));
  console.log(`\nCalls per row at ${whole(scope.rows)} rows; shuffled by seed ${seed}`);
  console.table(calls(result));
  console.log(`\nDollars per million rows, at the list prices of ${PRICES.region} as of ${PRICES.asOf}`);
  console.table(cost(result));
  console.log(
    'GB-seconds are those of this machine. Storage, logs, data transfer and the polling of idle queues are left out.',
  );
  console.log(
    `\nGET /task-files/{id} while a file runs: p50 ${latency.p50.toFixed(1)} ms, p99 ${latency.p99.toFixed(1)} ms of ${latency.count}\n`,
  );
  for (const goal of goals) console.log(lineOf(goal));
}

export const settingLine = (setting: Setting): string =>
  Object.entries(setting)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ');

function rates({ scope, project, textbook, ceiling }: Result): Record<string, Record<string, string>> {
  const row = (samples: readonly number[]) => ({
    median: whole(median(samples)),
    samples: samples.map(whole).join('  '),
  });
  return {
    ...Object.fromEntries(project.map(({ rows, rowsPerSecond }) => [`project, ${whole(rows)}`, row(rowsPerSecond)])),
    [`textbook, ${whole(scope.rows)}`]: row(textbook),
    [`ceiling, ${whole(scope.rows)}`]: row(ceiling),
  };
}

const sandboxes = (result: Result): Record<string, Record<string, string>> =>
  Object.fromEntries(
    result.sandboxes.map((one) => [
      whole(one.rows),
      {
        splitter: (one.splitterPeakBytes / MIB).toFixed(1),
        worker: (one.workerPeakBytes / MIB).toFixed(1),
        invocations: whole(one.invocations),
        'GB-seconds': one.gigabyteSeconds.toFixed(1),
        'lag in s':
          result.project
            .find(({ rows }) => rows === one.rows)
            ?.lagSeconds.map((lag) => lag.toFixed(2))
            .join('  ') ?? '',
      },
    ]),
  );

function calls({ calls: { inOrder, shuffled } }: Result): Record<string, Record<string, string>> {
  const perRow = (name: string, operations: readonly OperationCount[], rows: number): string => {
    const found = operations.find(({ service, operation }) => `${service} ${operation}` === name);
    return found ? (found.calls / rows).toFixed(5) : '-';
  };
  const both = [...inOrder.operations, ...shuffled.operations];
  const names = new Set(both.map(({ service, operation }) => `${service} ${operation}`));
  return Object.fromEntries(
    [...names].toSorted().map((name) => [
      name,
      {
        'in order': perRow(name, inOrder.operations, inOrder.rows),
        shuffled: perRow(name, shuffled.operations, shuffled.rows),
      },
    ]),
  );
}

const cost = (result: Result): Record<string, Record<string, string>> => ({
  ...Object.fromEntries(
    result.cost.map(({ what, units, dollars }) => [what, { units: whole(units), dollars: dollars.toFixed(4) }]),
  ),
  all: { units: '', dollars: dollarsOf(result.cost).toFixed(4) },
});

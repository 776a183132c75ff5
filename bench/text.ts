import { dollarsOf } from './cost.ts';
import { toLine, type Goal } from './goals.ts';
import { prices } from '../cli/plan/prices.ts';
import type { Result } from './result.ts';
import type { Setting } from './setting.ts';
import { median } from './statistics.ts';
import { toTable } from './table.ts';

const MIB = 2 ** 20;

type Rows = Record<string, Record<string, string>>;

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

/** Formats the result for the terminal. */
export function toText(result: Result, goals: readonly Goal[]): string {
  const { scope, state, seed, machine, configuration, latency } = result;
  const { count, failed, p50, p99 } = latency;
  return `
${scope.name}, state ${state === 'disk' ? 'on disk' : 'in memory'}; ${settingLine(machine)}
${settingLine(configuration)}

Rows per second, and items of the ceiling
${toTable(rates(result))}

By size: seconds from the last row to COMPLETED, and the most memory that one sandbox held, garbage left out
${toTable(sandboxes(result))}

Calls per row at ${whole(scope.rows)} rows; shuffled by seed ${seed}
${toTable(calls(result))}

Dollars per million rows, at the list prices of us-east-1 as of ${prices.dynamoWrite.checked}
${toTable(cost(result))}
GB-seconds are those of this machine. Storage, logs, data transfer and the polling of idle queues are left out.

GET /task-files/{id} while a file runs, ${count} times, ${failed} failed: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms

${goals.map(toLine).join('\n')}`;
}

export const settingLine = (setting: Setting): string =>
  Object.entries(setting)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

function rates({ scope, project, textbook, ceiling }: Result): Rows {
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

const sandboxes = ({ project, sandboxes: observed }: Result): Rows =>
  Object.fromEntries(
    observed.map(({ rows, splitterHeldBytes, workerHeldBytes, invocations, gigabyteSeconds }) => [
      whole(rows),
      {
        'lag in s': median(project.find((one) => one.rows === rows)?.lagSeconds ?? []).toFixed(2),
        'splitter in MiB': (splitterHeldBytes / MIB).toFixed(1),
        'worker in MiB': (workerHeldBytes / MIB).toFixed(1),
        invocations: whole(invocations),
        'GB-seconds': gigabyteSeconds.toFixed(1),
      },
    ]),
  );

function calls({ calls: { inOrder, shuffled }, writeUnitsPerRow: units }: Result): Rows {
  const rows: Rows = {};
  for (const [order, counts] of Object.entries({ 'in order': inOrder, shuffled })) {
    for (const { service, operation, calls: count } of counts.operations) {
      (rows[`${service} ${operation}`] ??= {})[order] = (count / counts.rows).toFixed(5);
    }
  }
  const sorted = Object.entries(rows).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...Object.fromEntries(sorted),
    'write units': { 'in order': units.inOrder.toFixed(5), shuffled: units.shuffled.toFixed(5) },
  };
}

const cost = (result: Result): Rows => ({
  ...Object.fromEntries(
    result.cost.map(({ what, units, dollars }) => [what, { units: whole(units), dollars: dollars.toFixed(4) }]),
  ),
  all: { dollars: dollarsOf(result.cost).toFixed(4) },
});

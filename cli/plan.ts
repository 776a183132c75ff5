// `npm run plan -- --rows N` computes what N rows cost on AWS, how long they take, and what limits them.
import { InvalidArgumentError } from 'commander';
import { command, run } from './command.ts';
import { compare } from './plan/compare.ts';
import { idle, IDLE_OBJECTS } from './plan/idle.ts';
import { toJson } from './plan/json.ts';
import { settings } from './plan/measured.ts';
import type { Load } from './plan/plan.ts';
import { quotas } from './plan/quotas.ts';
import { formatReport } from './plan/report.ts';

const MOST_ROWS = 1_000_000_000_000;

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(
      `Allowed: a whole number from ${least} to ${most}, in digits only, such as ${Math.min(most, 100)}.`,
    );
  };
}

const program = command(
  'npm run plan --',
  'Plans a file of so many rows on AWS: its cost, time and limits, beside two other ways to process it.',
)
  .requiredOption('--rows <number>', 'rows of the file', whole(1, MOST_ROWS))
  .option(
    '--concurrency <number>',
    "the Create Task mapping's maximum concurrency",
    whole(quotas.mappingConcurrencyLeast.value, quotas.mappingConcurrencyMost.value),
    settings.mappingConcurrency,
  )
  .option('--objects <number>', 'objects in the uploads bucket, for the cost of idle days', whole(0, MOST_ROWS), 1_000)
  .option('--json', 'print one JSON object instead')
  .action(({ json = false, objects, ...load }: Load & { json?: boolean; objects: number }) => {
    const ways = compare(load);
    const idles = [...new Set([...IDLE_OBJECTS, objects])].toSorted((a, b) => a - b).map(idle);
    console.log(json ? JSON.stringify(toJson(load, ways, idles)) : formatReport(load, ways, idles, objects).join('\n'));
  });

await run(program);

// `npm run plan -- --rows N`: what so many rows cost on AWS, how long they take and what holds them down, by arithmetic.
import { Command, InvalidArgumentError } from 'commander';
import { compare } from './plan/compare.ts';
import { jsonOf } from './plan/json.ts';
import { settings } from './plan/measured.ts';
import type { Load } from './plan/plan.ts';
import { quotas } from './plan/quotas.ts';
import { reportOf } from './plan/report.ts';

const MOST_ROWS = 1_000_000_000_000;
const EXIT_USAGE = 2;

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(
      `It takes a whole number from ${least} to ${most}, digits only, such as ${Math.min(most, 100)}.`,
    );
  };
}

new Command('npm run plan --')
  .description('Plans a file of so many rows on AWS: dollars, time and what binds, beside two other ways to do it.')
  .requiredOption('--rows <number>', 'rows of the file', whole(1, MOST_ROWS))
  .option(
    '--concurrency <number>',
    "the Create Task mapping's maximum concurrency",
    whole(quotas.mappingConcurrencyLeast.value, quotas.mappingConcurrencyMost.value),
    settings.mappingConcurrency,
  )
  .option('--json', 'print one JSON object instead')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : EXIT_USAGE))
  .action(({ json = false, ...load }: Load & { json?: boolean }) => {
    const ways = compare(load);
    console.log(json ? JSON.stringify(jsonOf(load, ways)) : reportOf(load, ways).join('\n'));
  })
  .parse();

// `npm run plan -- --rows 10000000`: what so many rows cost and take on AWS, line by line, and what holds them up.
import { Command, InvalidArgumentError } from 'commander';
import { estimates } from './plan/estimate.ts';
import { QUOTAS } from './plan/prices.ts';
import { groundsOf, textOf } from './plan/text.ts';

interface Options {
  readonly rows: number;
  readonly concurrency: number;
  readonly writeUnits: number;
  readonly json?: true;
}

const between =
  (least: number, most: number) =>
  (text: string): number => {
    const number = /^\d+$/.test(text) ? Number(text) : NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It takes a whole number from ${least} to ${most}, such as ${least * 10}.`);
  };

new Command('plan')
  .description('Estimates dollars and time on AWS for this project, and for others that do the same job.')
  .requiredOption('--rows <number>', 'rows to process', between(1, 1e12))
  .option(
    '--concurrency <number>',
    'workers at once, the maximum concurrency of the mapping',
    between(2, QUOTAS.mappingConcurrency.value),
    5,
  )
  .option(
    '--write-units <number>',
    'write units a second that the table sustains; a new one has 4000',
    between(1, 1e7),
    QUOTAS.newTableWriteUnits.value,
  )
  .option('--json', 'print the estimates as JSON')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .action(({ rows, json, ...setting }: Options) => {
    const found = estimates(rows, setting);
    if (json) console.log(JSON.stringify(found, null, 2));
    else console.log([...found.map((estimate) => textOf(estimate, rows)), groundsOf()].join('\n'));
  })
  .parse();

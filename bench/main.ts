// `npm run bench` measures this project, the textbook algorithm and the raw write ceiling of the same local cloud,
// interleaved in one run.
import { InvalidArgumentError, Option } from 'commander';
import { command, run } from '../cli/command.ts';
import { toGoals } from './goals.ts';
import { measure } from './measure.ts';
import { toResult } from './result.ts';
import { save } from './save.ts';
import { toScope, type RequestedScope } from './scope.ts';
import { toText } from './text.ts';

interface Options extends RequestedScope {
  readonly clients: number;
  readonly seed: number;
  readonly dataDir?: string;
}

function readCount(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Allowed: a whole number from 1 to 9999999.');
}

const program = command(
  'npm run bench --',
  'Measures this project beside the textbook algorithm and bare BatchWriteItem calls on the same local cloud: 100,000 rows, 3 samples of each.',
)
  .addOption(new Option('--quick', '10,000 rows, one sample of each: a minute or two').conflicts('full'))
  .option('--full', 'up to 1,000,000 rows: the run of record, kept in bench/results')
  .option('--rows <number>', 'rows of the file by which all three are compared', readCount)
  .option('--runs <number>', 'samples of each', readCount)
  .option(
    '--clients <number>',
    'clients of the ceiling; the default is the number of workers of the project',
    readCount,
    5,
  )
  .option('--seed <number>', 'seed of the shuffled delivery', readCount, 1 + Math.floor(Math.random() * 9_999_999))
  .option('--data-dir <folder>', 'keep all state on disk, in this folder; in memory by default')
  .action(bench);

await run(program);

async function bench({ clients, seed, dataDir, ...requested }: Options): Promise<void> {
  const at = new Date().toISOString();
  const scope = toScope(requested);
  const means = { dataDir, clients, seed, report: (line: string) => console.error(line) };
  const result = toResult(at, scope, means, await measure(scope, means));
  const goals = toGoals(result);
  console.log(toText(result, goals));
  console.log(`\nWritten to ${await save(result, goals)}`);
}

// `npm run bench`: this project, the textbook algorithm and the raw write ceiling of the same local cloud, interleaved
// in one run.
import { InvalidArgumentError, Option } from 'commander';
import { command, run } from '../cli/command.ts';
import { goalsOf } from './goals.ts';
import { measure } from './measure.ts';
import { resultOf } from './result.ts';
import { save } from './save.ts';
import { scopeOf, type Asked } from './scope.ts';
import { textOf } from './text.ts';

interface Options extends Asked {
  readonly clients: number;
  readonly seed: number;
  readonly dataDir?: string;
}

function readCount(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It takes a whole number from 1 to 9999999.');
}

const program = command(
  'npm run bench --',
  'Measures this project beside the textbook algorithm and bare BatchWriteItem calls on the same local cloud: 100,000 rows, 3 samples of each.',
)
  .addOption(new Option('--quick', '10,000 rows, one sample of each: a minute or two').conflicts('full'))
  .option('--full', 'up to 1,000,000 rows: the run of record, kept in bench/results')
  .option('--rows <number>', 'rows by which all three are compared', readCount)
  .option('--runs <number>', 'samples of each', readCount)
  .option('--clients <number>', 'clients of the ceiling: as many as the project has workers', readCount, 5)
  .option('--seed <number>', 'of the shuffled delivery', readCount, 1 + Math.floor(Math.random() * 9_999_999))
  .option('--data-dir <folder>', 'keeps all state on disk, in this folder; absent: in memory')
  .action(bench);

await run(program);

async function bench({ clients, seed, dataDir, ...asked }: Options): Promise<void> {
  const at = new Date().toISOString();
  const scope = scopeOf(asked);
  const means = { dataDir, clients, seed, tell: (line: string) => console.error(line) };
  const result = resultOf(at, scope, means, await measure(scope, means));
  const goals = goalsOf(result);
  console.log(textOf(result, goals));
  console.log(`\nWritten to ${await save(result, goals)}`);
}

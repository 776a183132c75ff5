// `npm run bench`: this project, the textbook algorithm and the raw write ceiling of the same local cloud, interleaved in one run.
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError, program } from 'commander';
import { startService } from '../test/e2e/support/service.ts';
import { measureCeiling } from './ceiling.ts';
import { lineOf, type Goal } from './goals.ts';
import { countCalls, runFile } from './project.ts';
import { median, quantile } from './statistics.ts';
import { startTextbook } from './textbook/textbook.ts';

interface Options {
  readonly rows: number;
  readonly runs: number;
  readonly clients: number;
  readonly dataDir?: string;
}

function readCount(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It takes a whole number from 1 to 9999999.');
}

program
  .name('npm run bench --')
  .description(
    'Measures rows per second, beside the textbook algorithm and bare BatchWriteItem calls on the same local cloud.',
  )
  .option('--rows <number>', 'rows of each file', readCount, 100_000)
  .option('--runs <number>', 'samples of each', readCount, 3)
  .option('--clients <number>', 'clients of the ceiling: as many as the project has workers', readCount, 5)
  .option('--data-dir <folder>', 'keeps all state on disk, in this folder; absent: in memory')
  .action(run);

await program.parseAsync();

async function run({ rows, runs, clients, dataDir }: Options): Promise<void> {
  await using service = await startService({ dataDir, schedules: false });
  await using textbook = await startTextbook(dataDir === undefined ? undefined : `${dataDir}-textbook`);
  await runFile(service, Math.min(rows, 1_000)); // warms the sandboxes up
  await textbook.rowsPerSecond(Math.min(rows, 1_000));
  const book: number[] = [];
  const project: number[] = [];
  const ceiling: number[] = [];
  const latencies: number[] = [];
  for (let index = 0; index < runs; index++) {
    const file = await runFile(service, rows);
    project.push(file.rowsPerSecond);
    latencies.push(...file.latencies);
    book.push(await textbook.rowsPerSecond(rows));
    ceiling.push(await measureCeiling(service.cloud, rows, clients));
  }
  const calls = await countCalls(service, rows);
  const units = calls.reduce((sum, { writeUnits }) => sum + writeUnits, 0) / rows;
  const share = median(project) / median(ceiling);
  const over = median(project) / median(book);
  const p99 = quantile(latencies, 0.99);
  const goals: readonly Goal[] = [
    { name: 'rows/s over the textbook algorithm', limit: 12, wanted: 'at least', measured: over },
    { name: 'share of the raw write ceiling', limit: 0.75, wanted: 'at least', measured: share },
    { name: 'write units per row, in order', limit: 1.05, wanted: 'at most', measured: units },
    { name: 'write units per row, shuffled', limit: 1.1, wanted: 'at most', measured: undefined },
    { name: 'dollars per million rows', limit: 0.75, wanted: 'at most', measured: undefined },
    { name: 'splitter memory, 1,000,000 over 10,000 rows', limit: 1.1, wanted: 'at most', measured: undefined },
    { name: 'rows/s, 1,000,000 over 100,000 rows', limit: 0.9, wanted: 'at least', measured: undefined },
    { name: 'seconds from last row to COMPLETED', limit: 1, wanted: 'at most', measured: undefined },
    { name: 'p99 of GET /task-files/{id} in ms', limit: 50, wanted: 'at most', measured: p99 },
  ];
  const machine = { cores: cpus().length, cpu: cpus()[0]?.model, node: process.version };
  const at = new Date().toISOString();
  const p50 = quantile(latencies, 0.5);
  const state = dataDir === undefined ? 'memory' : 'disk';
  const result = { at, machine, rows, runs, clients, state, project, textbook: book, ceiling, p50, p99, calls, goals };
  print(result, calls, rows);
  for (const goal of goals) console.log(lineOf(goal));
  await save(at, result);
}

type Samples = Readonly<Record<'project' | 'textbook' | 'ceiling', readonly number[]>>;

function print(
  { project, textbook, ceiling }: Samples,
  calls: Awaited<ReturnType<typeof countCalls>>,
  rows: number,
): void {
  const row = (samples: readonly number[]) => ({
    median: Math.round(median(samples)),
    samples: samples.map((sample) => Math.round(sample)).join(' '),
  });
  console.table({
    'project, rows/s': row(project),
    'textbook, rows/s': row(textbook),
    'ceiling, items/s': row(ceiling),
  });
  const byOperation = Map.groupBy(calls, ({ service, operation }) => `${service} ${operation}`);
  console.table(
    Object.fromEntries(
      [...byOperation].map(([name, counts]) => [
        name,
        { 'calls per row': counts.reduce((sum, one) => sum + one.calls, 0) / rows },
      ]),
    ),
  );
}

async function save(at: string, result: object): Promise<void> {
  const folder = join(import.meta.dirname, 'results');
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${at.replaceAll(':', '-')}.json`);
  await writeFile(file, `${JSON.stringify(result, null, 2)}\n`);
  console.log(`Written to ${file}`);
}

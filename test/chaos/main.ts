// `npm run chaos`: processes a file under real kills, and verifies it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { command, EXIT, run } from '../../cli/command.ts';
import { formatReceipt } from '../../cli/verify/receipt.ts';
import { failedOf, runChaos, type ChaosResult } from './nemesis.ts';

interface Options {
  readonly rows: number;
  readonly workerKills: number;
  readonly processKills: number;
  readonly startKills: number;
  readonly freezes: number;
  readonly seed: number;
}

function readCount(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Allowed: whole numbers from 0 on.');
}

const program = command(
  'npm run chaos --',
  'Uploads a file, kills workers and the whole local cloud while it is processed, and counts it again.',
)
  .option('--rows <number>', 'rows of the file', readCount, 10_000)
  .option('--worker-kills <number>', 'sandboxes that are ended at work', readCount, 40)
  .option('--process-kills <number>', 'kills of the whole cloud', readCount, 5)
  .option('--start-kills <number>', 'kills of the whole cloud while it starts', readCount, 0)
  .option(
    '--freezes <number>',
    'times that the whole cloud is stopped for longer than every visibility timeout',
    readCount,
    0,
  )
  .option('--seed <number>', 'decides what is killed when', readCount, Math.floor(Math.random() * 1e9))
  .action(chaos);

await run(program);

async function chaos(options: Options): Promise<void> {
  const { rows, seed } = options;
  console.log(
    `chaos with --rows ${rows} --worker-kills ${options.workerKills} --process-kills ${options.processKills} ` +
      `--start-kills ${options.startKills} --freezes ${options.freezes} --seed ${seed}`,
  );
  const dataDir = await mkdtemp(join(tmpdir(), 'task-service-chaos-'));
  const result = await runChaos({ ...options, dataDir, onStep: (line) => process.stderr.write(`\r${line} `) });
  process.stderr.write('\n');
  console.log(formatReceipt(result.receipt));
  console.log(summaryOf(result));
  if (isExact(result, rows)) await rm(dataDir, { recursive: true, force: true });
  else {
    console.error(`Not exact. The data is in ${dataDir}.`);
    process.exitCode = EXIT.failure;
  }
}

function isExact({ file, receipt, codes }: ChaosResult, rows: number): boolean {
  const isCounted = receipt.isExact && receipt.rows === rows && file.failedCount === failedOf(rows);
  return file.status === 'COMPLETED' && isCounted && codes['RETRIES_EXHAUSTED'] === undefined;
}

function summaryOf({ file, codes, workerKills, processKills, ...times }: ChaosResult): string {
  return [
    `${file.status}: ${file.processedCount} processed, ${file.failedCount} failed (${JSON.stringify(codes)})`,
    `kills: ${JSON.stringify(workerKills)}, the whole cloud ${processKills} times`,
    `${times.seconds.toFixed(1)} s in all, ${times.secondsAfterLastKill.toFixed(1)} s after the last kill`,
  ].join('\n');
}

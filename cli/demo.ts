// `npm run demo -- FILE.csv`: the main job from start to end, on a stack of its own that is gone afterwards.
import { join } from 'node:path';
import { Command } from 'commander';
import { runDemo } from './demo/run.ts';
import { UsageError } from './demo/source-file.ts';

const SAMPLE = join(import.meta.dirname, '..', 'samples', 'sample-1000.csv');
const EXIT = { failure: 1, usage: 2, interrupted: 130 } as const;

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());

const program = new Command('demo')
  .description('Uploads a CSV file to a throw-away Task Service on this machine, and watches its rows become tasks.')
  .argument('[file]', 'the CSV file', SAMPLE)
  .option('--json', 'print one JSON object with the result as the last line of stdout')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : EXIT.usage))
  .action(async (file: string, { json = false }: { json?: boolean }) => {
    const { complaint } = await runDemo(file, { json, signal: stopping.signal });
    if (complaint === undefined) return;
    console.error(complaint);
    process.exitCode = EXIT.failure;
  });

try {
  await program.parseAsync();
} catch (error) {
  // Whatever went wrong, the person gets a sentence and a script gets an exit code.
  process.exitCode = stopping.signal.aborted
    ? EXIT.interrupted
    : error instanceof UsageError
      ? EXIT.usage
      : EXIT.failure;
  console.error(stopping.signal.aborted ? 'Stopped.' : error instanceof Error ? error.message : error);
}

// `npm run demo -- FILE.csv` processes a file from start to end, on a stack of its own that it removes afterwards.
import { join } from 'node:path';
import { command, EXIT, run } from './command.ts';
import { readDemoOptions, type DemoOptionTexts } from './demo/options.ts';
import { runDemo } from './demo/run.ts';

const SAMPLE = join(import.meta.dirname, '..', 'samples', 'sample-1000.csv');

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());

const program = command(
  'npm run demo --',
  'Uploads a file to a throw-away Task Service on this machine, and shows how its rows become tasks.',
)
  .argument('[file]', 'a file of CSV or JSON Lines, also compressed with gzip', SAMPLE)
  .option('--json', 'print one JSON object with the result as the last line of stdout')
  .option('--fix-file <path>', 'write the failed rows to a new file, with the fault of each')
  .option('--time-zone <zone>', 'the time zone of times without an offset, such as Europe/Berlin')
  .option('--encoding <name>', 'the encoding of the file, such as windows-1251')
  .option('--delimiter <character>', 'the character between cells: , ; | or tab')
  .option('--null-words <words>', 'cells that mean "empty", separated by commas, such as NULL,NA')
  .option('--strict', 'refuse a file with an unknown column')
  .action(async (file: string, texts: DemoOptionTexts) => {
    try {
      const { complaint } = await runDemo(file, await readDemoOptions(texts), stopping.signal);
      if (complaint === undefined) return;
      console.error(complaint);
      process.exitCode = EXIT.failure;
    } catch (error) {
      if (!stopping.signal.aborted) throw error;
      console.error('Stopped.');
      process.exitCode = EXIT.interrupted;
    }
  });

await run(program);

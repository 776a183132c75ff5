// `npm run verify -- ID`: counts a task file anew on a running stack, row by row, and prints a receipt.
import { Command } from 'commander';
import { createClient } from '../client/index.ts';
import { receiptOf, verifyFile } from './verify/receipt.ts';

const EXIT = { differs: 1, usage: 2 } as const;

const program = new Command('verify')
  .description('Counts the rows of a task file anew: each must have exactly one of a stored task and a stored failure.')
  .argument('<id>', 'the id of the task file')
  .option('--url <url>', 'where the Task Service listens', 'http://127.0.0.1:8080')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : EXIT.usage))
  .action(async (id: string, { url }: { url: string }) => {
    const verified = await verifyFile(createClient({ baseUrl: url }), id);
    console.log(receiptOf(verified));
    if (!verified.isExact) process.exitCode = EXIT.differs;
  });

try {
  await program.parseAsync();
} catch (error) {
  // Whatever went wrong, the person gets a sentence and a script gets an exit code.
  process.exitCode = EXIT.usage;
  console.error(error instanceof Error ? error.message : error);
}

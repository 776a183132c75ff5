// `npm run verify -- ID`: counts a task file anew on a running stack, row by row, and prints a receipt.
import { createClient } from '../client/index.ts';
import { command, EXIT, run } from './command.ts';
import { formatReceipt, verifyFile } from './verify/receipt.ts';

const program = command(
  'npm run verify --',
  'Counts the rows of a task file anew: each must have exactly one of a stored task and a stored failure.',
)
  .argument('<id>', 'the id of the task file')
  .option('--url <url>', 'where the Task Service listens', 'http://127.0.0.1:8080')
  .action(async (id: string, { url }: { url: string }) => {
    const verified = await verifyFile(createClient({ baseUrl: url }), id);
    console.log(formatReceipt(verified));
    if (!verified.isExact) process.exitCode = EXIT.failure;
  });

// As diff does it: 1 says that something differs, 2 that nothing could be compared.
await run(program, EXIT.usage);

// `npm run verify -- ID` recounts a task file on a running stack, row by row, and prints a receipt.
import { createClient } from '../client/index.ts';
import { command, EXIT, run } from './command.ts';
import { formatReceipt, verifyFile } from './verify/receipt.ts';

const program = command(
  'npm run verify --',
  'Recounts the rows of a task file: each must have exactly one of a stored task and a stored failure.',
)
  .argument('<id>', 'the id of the task file')
  .option('--url <url>', 'the address of the Task Service', 'http://127.0.0.1:8080')
  .action(async (id: string, { url }: { url: string }) => {
    const verified = await verifyFile(createClient({ baseUrl: url }), id);
    console.log(formatReceipt(verified));
    if (!verified.isExact) process.exitCode = EXIT.failure;
  });

// As in diff, 1 means that something differs, and 2 that nothing could be compared.
await run(program, EXIT.usage);

/** `npm start`: runs the whole stack on this machine until Ctrl-C. */
import { styleText } from 'node:util';
import { InvalidArgumentError } from 'commander';
import { command, run } from '../cli/command.ts';
import { startLocalCloud, type LocalCloud } from './cloud.ts';
import { sentenceOf } from './failure.ts';
import { requireOpenFiles } from './open-files.ts';

interface Options {
  readonly port: number;
  readonly dataDir: string;
  readonly inMemory: boolean;
  readonly fresh: boolean;
  readonly verbose: boolean;
}

const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

const program = command('npm start --', 'Runs the Task Service on this machine: no AWS account, no Docker.')
  .option('--port <number>', 'port of the HTTP API; 0 takes any free one', readPort, 8080)
  .option('--data-dir <folder>', 'where the state is kept', '.local')
  .option('--in-memory', 'keep no state', false)
  .option('--fresh', 'begin with an empty data folder', false)
  .option('--verbose', 'show every line the functions print', false)
  .action(serve);

await run(program);

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
}

async function serve({ port, dataDir, inMemory, fresh, verbose }: Options): Promise<void> {
  const stopping = stopOnSignals();
  try {
    requireOpenFiles();
    const cloud = await startLocalCloud({
      ...(!inMemory && { dataDir, fresh }),
      port,
      verbose,
      onLine: (line) => console.error(line),
      onStep: (title) => console.log(styleText('dim', `${title} …`)),
    });
    announce(cloud);
    const failure = await Promise.race([cloud.failed, stopping]);
    if (!failure) console.log('Stopping: running invocations end first. Press Ctrl-C again to end at once.');
    await cloud.stop();
    if (failure) throw failure;
  } catch (error) {
    // The boundary of the program: the user gets the reason in one sentence, without a stack trace.
    console.error(sentenceOf(error, dataDir));
    process.exitCode = 1;
  }
}

/** Resolves at the first signal. The second signal ends the process at once. */
function stopOnSignals(): Promise<undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(SIGNAL_EXIT_CODES[signal]);
      isStopping = true;
      resolve(undefined);
    });
  }
  return promise;
}

function announce({ apiUrl, endpoints, stack, logsFolder }: LocalCloud): void {
  const bucket = Object.entries(stack.outputs).find(([name]) => /uploads.*bucket/i.test(name))?.[1];
  const lines = {
    S3: endpoints.s3,
    SQS: endpoints.sqs,
    SNS: endpoints.sns,
    DynamoDB: endpoints.dynamodb,
    'Uploads bucket': bucket,
    Logs: logsFolder ?? 'not kept (--in-memory)',
  };
  console.log(`Task Service listening on ${apiUrl}`);
  for (const [name, value] of Object.entries(lines))
    if (value !== undefined) console.log(`  ${name.padEnd(16)}${value}`);
}

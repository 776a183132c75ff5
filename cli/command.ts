import { Command } from 'commander';

/**
 * Exit codes of every command. `failure`: it did its work, and the answer is no, or something came in between. `usage`:
 * it was called with what it can't work on; calling it again the same way won't help.
 */
export const EXIT = { failure: 1, usage: 2, interrupted: 130 } as const;

/** The command was called with something it can't work on. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A command under the name by which people call it: `npm start --`, `npm run plan --`. */
export const command = (name: `npm ${string} --`, description: string): Command =>
  new Command(name)
    .description(description)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : EXIT.usage));

/**
 * Reads the command line and carries it out. Whatever goes wrong, a person gets a sentence and a script an exit code:
 * `failure` unless it is a {@link UsageError}. Only a fault in the program itself shows its stack.
 */
export async function run(program: Command, failure: number = EXIT.failure): Promise<void> {
  try {
    refuseWhatNpmTook(program);
    await program.parseAsync();
  } catch (error) {
    const isFault = error instanceof TypeError || error instanceof ReferenceError;
    console.error(error instanceof Error && !isFault ? error.message : error);
    process.exitCode = error instanceof UsageError ? EXIT.usage : failure;
  }
}

/** `npm run demo --json` hands `--json` to npm, which keeps it: the command would run as if it were not there. */
function refuseWhatNpmTook(program: Command): void {
  const script = /^npm (?:run )?(\S+) --$/.exec(program.name())?.[1];
  if (process.env['npm_lifecycle_event'] !== script) return;
  const taken = program.options.map(({ long }) => long ?? '').filter(isTaken);
  if (taken.length === 0) return;
  throw new UsageError(
    `npm took ${taken.join(' and ')} for itself. Options of this command come after two hyphens: ${program.name()} ${taken.join(' ')} …`,
  );
}

/** npm tells scripts of its options by the environment. */
const isTaken = (option: string): boolean =>
  Boolean(process.env[`npm_config_${option.slice('--'.length).replaceAll('-', '_')}`]) &&
  !process.argv.some((argument) => argument === option || argument.startsWith(`${option}=`));

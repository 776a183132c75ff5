import { Command } from 'commander';

/**
 * The exit codes of every command. `failure`: the command worked and its result is negative, or an error ended it.
 * `usage`: the command cannot work with its arguments, so the same call will fail again.
 */
export const EXIT = { failure: 1, usage: 2, interrupted: 130 } as const;

/** The command cannot work with its arguments. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Creates a command with the name by which people call it: `npm start --`, `npm run plan --`. */
export const command = (name: `npm ${string} --`, description: string): Command =>
  new Command(name)
    .description(description)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : EXIT.usage));

/**
 * Parses the command line and runs the command. An error prints a sentence and sets an exit code: `failure`, unless it
 * is a {@link UsageError}. Only a fault of the program itself prints its stack.
 */
export async function run(program: Command, failure: number = EXIT.failure): Promise<void> {
  try {
    refuseOptionsOfNpm(program);
    await program.parseAsync();
  } catch (error) {
    const isFault = error instanceof TypeError || error instanceof ReferenceError;
    console.error(error instanceof Error && !isFault ? error.message : error);
    process.exitCode = error instanceof UsageError ? EXIT.usage : failure;
  }
}

/** Refuses options that npm kept: with `npm run demo --json`, the command would run without `--json`. */
function refuseOptionsOfNpm(program: Command): void {
  const script = /^npm (?:run )?(\S+) --$/.exec(program.name())?.[1];
  if (process.env['npm_lifecycle_event'] !== script) return;
  const taken = program.options.map(({ long }) => long ?? '').filter(hasNpmTaken);
  if (taken.length === 0) return;
  throw new UsageError(
    `npm took ${taken.join(' and ')} for itself. Write the options of this command after two hyphens: ${program.name()} ${taken.join(' ')} …`,
  );
}

/** npm passes its own options to scripts in the environment. */
const hasNpmTaken = (option: string): boolean =>
  Boolean(process.env[`npm_config_${option.slice('--'.length).replaceAll('-', '_')}`]) &&
  !process.argv.some((argument) => argument === option || argument.startsWith(`${option}=`));

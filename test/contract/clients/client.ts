import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';

/** A program that puts files into S3, as it is installed on this machine. */
export interface S3Program {
  readonly name: string;
  /** Undefined: not installed. */
  readonly version: string | undefined;
  /** Uploads all files of a folder, a large one in parts of 5 MiB if it can. */
  readonly upload: (target: Target, folder: string, prefix: string) => Promise<unknown>;
  /** Downloads all objects below a prefix, if the program has a way to. */
  readonly download?: (target: Target, prefix: string, folder: string) => Promise<unknown>;
}

export interface Target {
  readonly endpoint: string;
  readonly bucket: string;
  /** For configuration; also the home of the programs, so that none of the person's own is read. */
  readonly home: string;
}

/** Starts a program with nothing of this shell but the way to it; what it says. Rejects with its complaint. */
export async function run({ home }: Target, command: string, ...parameters: readonly string[]): Promise<string> {
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    LC_ALL: 'C.UTF-8',
    AWS_ACCESS_KEY_ID: 'me',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const { stdout } = await promisify(execFile)(command, parameters, { env, cwd: home });
  return stdout;
}

/** What a program says of its version; undefined if it is not there, or does not start. */
export function versionOf(command: string, ...parameters: readonly string[]): string | undefined {
  try {
    const said = execFileSync(command, parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return /\d+(?:\.\d+)+/.exec(said)?.[0];
  } catch {
    // Not installed (ENOENT), or without what it needs.
    return undefined;
  }
}

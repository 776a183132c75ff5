import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';

/** A program on this machine that puts files into S3. */
export interface S3Program {
  readonly name: string;
  /** The version; undefined if it is not installed. */
  readonly version: string | undefined;
  /** Uploads all files of a folder, a large one in parts of 5 MiB if it can. */
  readonly upload: (target: Target, folder: string, prefix: string) => Promise<unknown>;
  /** Downloads all objects below a prefix, if the program can. */
  readonly download?: (target: Target, prefix: string, folder: string) => Promise<unknown>;
}

export interface Target {
  readonly endpoint: string;
  readonly bucket: string;
  /**
   * The folder for configuration, and the home of the programs, so that they do not read the user's own configuration.
   */
  readonly home: string;
}

/** Runs a program with no variable of this shell but PATH, and returns its output. Rejects with its error. */
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

/** Returns the version that a program prints; undefined if it is not installed or does not start. */
export function readVersion(command: string, ...parameters: readonly string[]): string | undefined {
  try {
    const output = execFileSync(command, parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return /\d+(?:\.\d+)+/.exec(output)?.[0];
  } catch {
    // The program is not installed (ENOENT), or lacks what it needs.
    return undefined;
  }
}

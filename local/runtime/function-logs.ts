import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { LogFile } from './log-file.ts';

/**
 * Matches lines at WARN or above, which the user at the terminal must not miss: Powertools' JSON and Lambda's text
 * format.
 */
const NOTEWORTHY = /"level":"(?:WARN|ERROR|CRITICAL|FATAL)"|^[^\t]*\t[^\t]*\t(?:WARN|ERROR|FATAL)\t/;

export interface FunctionLogsOptions {
  /** The folder for `FUNCTION.log` and the older `FUNCTION.log.1` of each function. Undefined: no files are written. */
  readonly folder?: string | undefined;
  /** Receives every line at WARN or above. Undefined in quiet tests. */
  readonly terminal?: ((line: string) => void) | undefined;
  /** Sends lines of every level to the terminal. */
  readonly verbose?: boolean | undefined;
}

/** Writes the output of functions to files and to the terminal. */
export class FunctionLogs {
  readonly #options: FunctionLogsOptions;
  readonly #files = new Map<string, LogFile>();

  constructor(options: FunctionLogsOptions) {
    this.#options = options;
    if (options.folder !== undefined) mkdirSync(options.folder, { recursive: true });
  }

  /** Reads the output of one worker line by line, so that two workers of one function do not mix their lines. */
  follow(functionName: string, output: Readable): void {
    createInterface({ input: output, crlfDelay: Infinity }).on('line', (line) => this.write(functionName, line));
  }

  write(functionName: string, line: string): void {
    this.#file(functionName)?.write(line);
    if (this.#options.verbose || NOTEWORTHY.test(line)) this.#options.terminal?.(`[${functionName}] ${line}`);
  }

  /** Writes an error of the sandbox itself. */
  error(functionName: string, requestId: string, message: string): void {
    this.write(functionName, `${new Date().toISOString()}\t${requestId}\tERROR\t${message}`);
  }

  async close(): Promise<void> {
    const files = [...this.#files.values()];
    this.#files.clear();
    await Promise.all(files.map((file) => file.close()));
  }

  #file(functionName: string): LogFile | undefined {
    const { folder } = this.#options;
    if (folder === undefined) return undefined;
    let file = this.#files.get(functionName);
    if (!file) {
      const path = join(folder, `${functionName}.log`);
      const onLoss = (error: Error): void =>
        this.#options.terminal?.(
          `Lines of ${functionName} are lost, because ${path} cannot be written: ${error.message}`,
        );
      file = new LogFile({ path, onLoss });
      this.#files.set(functionName, file);
    }
    return file;
  }
}

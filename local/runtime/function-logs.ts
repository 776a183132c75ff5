import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { LogFile } from './log-file.ts';

/** Lines that a person at the terminal must not miss: Powertools' JSON and Lambda's text format at WARN or above. */
const NOTEWORTHY = /"level":"(?:WARN|ERROR|CRITICAL|FATAL)"|^[^\t]*\t[^\t]*\t(?:WARN|ERROR|FATAL)\t/;

export interface FunctionLogsOptions {
  /** `FUNCTION.log` and, older, `FUNCTION.log.1` of each function are written here; undefined: lines are dropped. */
  readonly folder?: string | undefined;
  /** Gets every line of level WARN or above; `undefined` in quiet tests. */
  readonly terminal?: ((line: string) => void) | undefined;
  /** Passes every line on to the terminal, whatever its level. */
  readonly verbose?: boolean | undefined;
}

/** Where the functions' output goes. */
export class FunctionLogs {
  readonly #options: FunctionLogsOptions;
  readonly #files = new Map<string, LogFile>();

  constructor(options: FunctionLogsOptions) {
    this.#options = options;
    if (options.folder !== undefined) mkdirSync(options.folder, { recursive: true });
  }

  /** Follows the output of one worker line by line, so that workers of one function do not cut each other's lines. */
  follow(functionName: string, output: Readable): void {
    createInterface({ input: output, crlfDelay: Infinity }).on('line', (line) => this.write(functionName, line));
  }

  write(functionName: string, line: string): void {
    this.#file(functionName)?.write(line);
    if (this.#options.verbose || NOTEWORTHY.test(line)) this.#options.terminal?.(`[${functionName}] ${line}`);
  }

  /** For what the sandbox itself has to say about a function. */
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
        this.#options.terminal?.(`Lines of ${functionName} are lost; ${path} can't be written: ${error.message}`);
      file = new LogFile({ path, onLoss });
      this.#files.set(functionName, file);
    }
    return file;
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { until } from './until.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** The program that `npm start` runs, as a process of its own, with options. */
export class ServiceProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #printed = '';
  #complained = '';

  constructor(...options: readonly string[]) {
    this.#child = spawn(process.execPath, ['local/main.ts', ...options], {
      cwd: ROOT,
      // The service does not need the Node options of Jest.
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#printed += text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#complained += text));
    // `close` and not `exit`, because only then has everything printed been read.
    this.#ended = once(this.#child, 'close');
  }

  get printed(): string {
    return this.#printed;
  }

  get complained(): string {
    return this.#complained;
  }

  /** Resolves to the address once the service listens. */
  async baseUrl(): Promise<string> {
    await this.#line(/listening on/);
    return this.value('Task Service listening on');
  }

  /** Returns the text after a label in the output. All labels are printed at once. */
  value(label: string): string {
    const found = new RegExp(`^\\s*${label}\\s+(\\S+)\\s*$`, 'm').exec(this.#printed)?.[1];
    if (found === undefined) throw new Error(`It did not print "${label}", but:\n${this.#printed}`);
    return found;
  }

  kill(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void {
    this.#child.kill(signal);
  }

  /** Resolves to the exit code and the signal of the process. */
  async end(): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }> {
    await this.#ended;
    return { code: this.#child.exitCode, signal: this.#child.signalCode };
  }

  /** Kills the process, for the end of a test that may have failed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.kill('SIGKILL');
    await this.#ended;
  }

  async #line(pattern: RegExp): Promise<void> {
    const { printed, complained, hasEnded } = await until(
      `a line like ${pattern.source}, or the end`,
      async () => ({
        printed: this.#printed,
        complained: this.#complained,
        hasEnded: this.#child.exitCode !== null || this.#child.signalCode !== null,
      }),
      (state) => state.hasEnded || (pattern.test(state.printed) && state.printed.includes('Logs')),
    );
    if (hasEnded) throw new Error(`The service ended before it was ready.\n${printed}\n${complained}`);
  }
}

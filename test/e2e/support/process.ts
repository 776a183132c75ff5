import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { until } from './until.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** `npm start` as a process of its own: the program that the script runs, with its options. */
export class ServiceProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #printed = '';
  #complained = '';

  constructor(...options: readonly string[]) {
    this.#child = spawn(process.execPath, ['local/main.ts', ...options], {
      cwd: ROOT,
      // What Jest needs from Node is nothing to the service.
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#printed += text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#complained += text));
    // `close`, not `exit`: only then everything that was printed has been read.
    this.#ended = once(this.#child, 'close');
  }

  get printed(): string {
    return this.#printed;
  }

  get complained(): string {
    return this.#complained;
  }

  /** Resolves to the address once it listens. */
  async baseUrl(): Promise<string> {
    await this.#line(/listening on/);
    return this.value('Task Service listening on');
  }

  /** What stands behind a label of its output; the labels are printed together. */
  value(label: string): string {
    const found = new RegExp(`^\\s*${label}\\s+(\\S+)\\s*$`, 'm').exec(this.#printed)?.[1];
    if (found === undefined) throw new Error(`It did not print "${label}", but:\n${this.#printed}`);
    return found;
  }

  kill(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void {
    this.#child.kill(signal);
  }

  /** Resolves to how it ended. */
  async end(): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }> {
    await this.#ended;
    return { code: this.#child.exitCode, signal: this.#child.signalCode };
  }

  /** For the end of a test that may have failed: whatever it is at, it is gone afterwards. */
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

import type { ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';

/** Enough for a stack trace, which may quote a line of a minified file. */
const KEPT_LINES = 200;
const KEPT_CHARACTERS = 400;

/** Keeps what a child process prints, and waits for a line of it. */
export class Output {
  readonly #lines: string[] = [];
  readonly #news = new EventEmitter();
  #hasEnded = false;

  constructor(child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface(stream).on('line', (line) => this.#add(line));
    }
    // `close`, not `exit`: only at `close` has all the output been read.
    child.once('close', () => this.#end());
    child.once('error', ({ message }) => this.#add(message));
  }

  /** Waits for a line that matches. Resolves to the line and its group. */
  async line(pattern: RegExp, signal: AbortSignal): Promise<[line: string, group: string]> {
    for (;;) {
      for (const line of this.#lines) {
        const [whole, group] = pattern.exec(line) ?? [];
        if (whole !== undefined && group !== undefined) return [whole, group];
      }
      if (this.#hasEnded) throw new Error(this.#complaint('ended before it was ready'));
      await this.#nextLine(pattern, signal);
    }
  }

  async #nextLine(pattern: RegExp, signal: AbortSignal): Promise<void> {
    try {
      await once(this.#news, 'line', { signal });
    } catch (cause) {
      // An abort by the caller and the time limit look the same here. Only the limit needs this message.
      throw new Error(this.#complaint(`did not print a line like ${pattern.source} in time`), { cause });
    }
  }

  #add(line: string): void {
    this.#lines.push(line.slice(0, KEPT_CHARACTERS));
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
    this.#news.emit('line');
  }

  #end(): void {
    this.#hasEnded = true;
    this.#news.emit('line');
  }

  #complaint(what: string): string {
    const printed =
      this.#lines.length === 0 ? 'It printed nothing.' : `It printed:\n${this.#lines.slice(-20).join('\n')}`;
    return `The local stack (node local/main.ts) ${what}. ${printed}`;
  }
}

import { createWriteStream, openSync, renameSync, statSync, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

/** About a hundred thousand lines. */
const BYTES_MAX = 5 * 1024 * 1024;

export interface LogFileOptions {
  readonly path: string;
  readonly bytesMax?: number | undefined;
  /** Called when the first line is lost, and again only after a line has been written. */
  readonly onLoss: (error: Error) => void;
}

/**
 * A log file of bounded size. At its limit it is renamed to `FILE.1`, replacing the older one, and a new file begins.
 * Lines that cannot be written, as on a full disk, are lost; the functions that log them continue.
 */
export class LogFile {
  readonly #options: LogFileOptions;
  #stream: WriteStream | undefined;
  #bytes: number;
  #losesLines = false;

  constructor(options: LogFileOptions) {
    this.#options = options;
    this.#bytes = statSync(options.path, { throwIfNoEntry: false })?.size ?? 0;
  }

  write(line: string): void {
    const text = `${line}\n`;
    const bytes = Buffer.byteLength(text);
    if (this.#bytes > 0 && this.#bytes + bytes > (this.#options.bytesMax ?? BYTES_MAX)) this.#rotate();
    this.#bytes += bytes;
    this.#stream ??= this.#open();
    this.#stream?.write(text, (error) => (error ? this.#reportLoss(error) : (this.#losesLines = false)));
  }

  async close(): Promise<void> {
    const stream = this.#stream;
    if (!stream || stream.destroyed) return;
    const ended = finished(stream);
    stream.end();
    // Lost lines have been reported already, so closing does not fail.
    await ended.catch(() => undefined);
  }

  #open(): WriteStream | undefined {
    try {
      const stream = createWriteStream('', { fd: openSync(this.#options.path, 'a') });
      // The callbacks of its lines have reported the error. The next line opens the file again.
      return stream.on('error', () => this.#stream === stream && (this.#stream = undefined));
    } catch (error) {
      // This line is lost and reported. The next line opens the file again.
      this.#reportLoss(error as Error);
      return undefined;
    }
  }

  /** Renames the file. Lines that are still buffered go to the renamed file. */
  #rotate(): void {
    this.#stream?.end();
    this.#stream = undefined;
    this.#bytes = 0;
    try {
      renameSync(this.#options.path, `${this.#options.path}.1`);
    } catch (error) {
      // The file grows until the next attempt to rename it.
      this.#reportLoss(error as Error);
    }
  }

  #reportLoss(error: Error): void {
    if (!this.#losesLines) this.#options.onLoss(error);
    this.#losesLines = true;
  }
}

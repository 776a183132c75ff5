import { createWriteStream, openSync, renameSync, statSync, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

/** A hundred thousand lines or so. */
const BYTES_MAX = 5 * 1024 * 1024;

export interface LogFileOptions {
  readonly path: string;
  readonly bytesMax?: number | undefined;
  /** Hears that lines get lost, once until one is written again. */
  readonly onLoss: (error: Error) => void;
}

/**
 * A file of lines that is bounded: at its limit it takes the name `FILE.1`, in the place of the one that had it, and
 * begins anew. Lines that can't be written, as on a full disk, are lost; what they tell of goes on.
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
    if (this.#bytes > 0 && this.#bytes + bytes > (this.#options.bytesMax ?? BYTES_MAX)) this.#turn();
    this.#bytes += bytes;
    this.#stream ??= this.#open();
    this.#stream?.write(text, (error) => (error ? this.#lose(error) : (this.#losesLines = false)));
  }

  async close(): Promise<void> {
    const stream = this.#stream;
    if (!stream || stream.destroyed) return;
    const ended = finished(stream);
    stream.end();
    // What could not be written has been told; the end of the file is no reason to fail.
    await ended.catch(() => undefined);
  }

  #open(): WriteStream | undefined {
    try {
      const stream = createWriteStream('', { fd: openSync(this.#options.path, 'a') });
      // Each of its lines has heard of the error. The next line tries again.
      return stream.on('error', () => this.#stream === stream && (this.#stream = undefined));
    } catch (error) {
      // The line is lost, and told; the next one tries again.
      this.#lose(error as Error);
      return undefined;
    }
  }

  /** What is still to be written to the old file follows it to its new name. */
  #turn(): void {
    this.#stream?.end();
    this.#stream = undefined;
    this.#bytes = 0;
    try {
      renameSync(this.#options.path, `${this.#options.path}.1`);
    } catch (error) {
      // The file goes on growing until the next turn.
      this.#lose(error as Error);
    }
  }

  #lose(error: Error): void {
    if (!this.#losesLines) this.#options.onLoss(error);
    this.#losesLines = true;
  }
}

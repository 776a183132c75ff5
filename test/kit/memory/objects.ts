import { createHash } from 'node:crypto';
import { SourceError, type PinnedSource, type Sources } from '../../../src/engine/index.ts';
import type { Uploads } from '../../../src/tasks/index.ts';

/** An object store in memory, read in pieces of `pieceBytes`. */
export class MemoryObjects implements Sources, Uploads {
  readonly #objects = new Map<string, Uint8Array>();
  readonly #pieceBytes: number;

  constructor(pieceBytes = 64 * 1024) {
    this.#pieceBytes = pieceBytes;
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    this.#objects.set(key, Uint8Array.from(bytes));
  }

  remove(key: string): void {
    this.#objects.delete(key);
  }

  /** The stored version under a key, as an event tells of it. */
  version(key: string): { readonly etag: string; readonly bytes: number } {
    const stored = this.read(key);
    if (!stored) throw new Error(`Nothing is stored under ${key}`);
    return { etag: stored.etag, bytes: stored.bytes.length };
  }

  /** Bytes and version of what is stored under a key. */
  read(key: string): { readonly etag: string; readonly bytes: Uint8Array } | undefined {
    const bytes = this.#objects.get(key);
    return bytes && { etag: etagOf(bytes), bytes };
  }

  async *open(source: PinnedSource, fromByte: number): AsyncGenerator<Uint8Array> {
    for (let first = fromByte; first < source.bytes; first += this.#pieceBytes) {
      const stored = this.read(source.key);
      if (!stored) throw new SourceError('SOURCE_MISSING', 'The object was deleted.');
      if (stored.etag !== source.etag) throw new SourceError('SOURCE_CHANGED', 'The object was replaced.');
      yield stored.bytes.subarray(first, first + this.#pieceBytes);
    }
  }
}

const etagOf = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

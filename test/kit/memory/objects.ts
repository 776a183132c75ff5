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
    const bytes = this.#objects.get(key);
    if (!bytes) throw new Error(`Nothing is stored under ${key}`);
    return { etag: etagOf(bytes), bytes: bytes.length };
  }

  async *open({ key, etag }: PinnedSource, fromByte: number): AsyncGenerator<Uint8Array> {
    for (let first = fromByte; ; first += this.#pieceBytes) {
      const bytes = this.#objects.get(key);
      if (!bytes) throw new SourceError('SOURCE_MISSING', 'The object was deleted.');
      if (etagOf(bytes) !== etag) throw new SourceError('SOURCE_CHANGED', 'The object was replaced.');
      if (first >= bytes.length) return;
      yield bytes.subarray(first, first + this.#pieceBytes);
    }
  }
}

const etagOf = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

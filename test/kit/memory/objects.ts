import { createHash } from 'node:crypto';
import {
  SourceError,
  type Manifests,
  type ObjectListing,
  type ObjectPage,
  type PinnedSource,
  type ReceivedObject,
  type Sources,
} from '../../../src/engine/index.ts';
import type { Uploads } from '../../../src/tasks/index.ts';

interface StoredObject {
  readonly etag: string;
  readonly bytes: Uint8Array;
}

/** An object store in memory, read in pieces of `pieceBytes` and listed by pages. */
export class MemoryObjects implements Sources, Uploads, ObjectListing, Manifests {
  readonly #objects = new Map<string, StoredObject>();
  readonly #pieceBytes: number;
  readonly #bucket: string;
  readonly #objectsPerPage: number;
  #listedUpTo = '';
  #tries = 0;

  constructor(pieceBytes = 64 * 1024, { bucket = 'uploads-bucket', objectsPerPage = 1_000 } = {}) {
    this.#pieceBytes = pieceBytes;
    this.#bucket = bucket;
    this.#objectsPerPage = objectsPerPage;
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    this.#objects.set(key, stored(bytes));
  }

  async store(name: string, bytes: Uint8Array): Promise<PinnedSource> {
    const key = `redrives/${name}`;
    this.#objects.set(key, stored(bytes));
    return { key, ...this.version(key) };
  }

  remove(key: string): void {
    this.#objects.delete(key);
  }

  /** Returns the version that is stored under a key, as its event has it. */
  version(key: string): { readonly etag: string; readonly bytes: number } {
    const found = this.read(key);
    if (!found) throw new Error(`Nothing is stored under ${key}`);
    return { etag: found.etag, bytes: found.bytes.length };
  }

  /** Returns the bytes and the version that are stored under a key. */
  read(key: string): StoredObject | undefined {
    return this.#objects.get(key);
  }

  async find(key: string): Promise<ReceivedObject | undefined> {
    return this.#objects.has(key) ? { bucket: this.#bucket, key, ...this.version(key) } : undefined;
  }

  async page(prefix: string): Promise<ObjectPage> {
    const keys = [...this.#objects.keys()].filter((key) => key.startsWith(prefix) && key > this.#listedUpTo).toSorted();
    const page = keys.slice(0, this.#objectsPerPage);
    const after = keys.length > page.length ? page.at(-1) : undefined;
    const objects = page.filter((key) => !key.endsWith('/'));
    return {
      objects: objects.map((key) => ({ bucket: this.#bucket, key, ...this.version(key) })),
      ...(this.#listedUpTo && { from: this.#listedUpTo }),
      ...(after !== undefined && { after }),
      tries: this.#tries,
    };
  }

  async turn({ after = '' }: ObjectPage): Promise<void> {
    [this.#listedUpTo, this.#tries] = [after, 0];
  }

  async keep({ from = '', tries }: ObjectPage): Promise<void> {
    [this.#listedUpTo, this.#tries] = [from, tries + 1];
  }

  async *open(source: PinnedSource, fromByte: number): AsyncGenerator<Uint8Array> {
    for (let first = fromByte; first < source.bytes; first += this.#pieceBytes) {
      const found = this.read(source.key);
      if (!found) throw new SourceError('SOURCE_MISSING', 'The object was deleted.');
      if (found.etag !== source.etag) throw new SourceError('SOURCE_CHANGED', 'The object was replaced.');
      yield found.bytes.subarray(first, first + this.#pieceBytes);
    }
  }
}

const stored = (bytes: Uint8Array): StoredObject => ({
  etag: createHash('md5').update(bytes).digest('hex'),
  bytes: Uint8Array.from(bytes),
});

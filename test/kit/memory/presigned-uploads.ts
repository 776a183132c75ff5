import { createHash } from 'node:crypto';
import type { PresignedUploads, UploadedPart } from '../../../src/tasks/index.ts';
import type { MemoryObjects } from './objects.ts';

interface Link {
  readonly key: string;
  readonly bytes: number;
  /** The id and the part number, for an upload in parts. */
  readonly part?: { readonly uploadId: string; readonly number: number };
}

/** Presigned uploads in memory. {@link put} takes the place of a PUT request. The URLs never expire. */
export class MemoryPresignedUploads implements PresignedUploads {
  readonly #objects: MemoryObjects;
  readonly #uploads = new Map<string, Map<number, Buffer>>();
  #begun = 0;

  constructor(objects: MemoryObjects) {
    this.#objects = objects;
  }

  /** The number of uploads in parts that were ever begun. */
  get begun(): number {
    return this.#begun;
  }

  async linkTo(key: string, bytes: number, _at: number): Promise<string> {
    return urlOf({ key, bytes });
  }

  async begin(key: string): Promise<string> {
    const uploadId = `${key} ${this.#begun++}`;
    this.#uploads.set(uploadId, new Map());
    return uploadId;
  }

  async linkToPart(
    key: string,
    uploadId: string,
    { number, bytes }: Omit<UploadedPart, 'etag'>,
    _at: number,
  ): Promise<string> {
    return urlOf({ key, bytes, part: { uploadId, number } });
  }

  /** Does what a PUT to a presigned URL does. Resolves to false if the store refuses it. */
  async put(url: string, bytes: Uint8Array): Promise<boolean> {
    const link = JSON.parse(decodeURIComponent(new URL(url).hash.slice(1))) as Link;
    if (bytes.length !== link.bytes) return false;
    if (link.part) this.putPart(link.part.uploadId, link.part.number, bytes);
    else await this.#objects.put(link.key, bytes);
    return true;
  }

  /** Stores a part without a presigned URL. */
  putPart(uploadId: string, number: number, bytes: Uint8Array): void {
    this.#uploads.get(uploadId)?.set(number, Buffer.from(bytes));
  }

  abort(uploadId: string): void {
    this.#uploads.delete(uploadId);
  }

  async listParts(_key: string, uploadId: string): Promise<readonly UploadedPart[] | undefined> {
    const parts = this.#uploads.get(uploadId);
    return (
      parts &&
      [...parts]
        .toSorted(([one], [other]) => one - other)
        .map(([number, bytes]) => ({
          number,
          etag: createHash('md5').update(bytes).digest('hex'),
          bytes: bytes.length,
        }))
    );
  }

  async complete(key: string, uploadId: string, parts: readonly UploadedPart[]): Promise<void> {
    const stored = this.#uploads.get(uploadId);
    if (!stored) return;
    this.#uploads.delete(uploadId);
    await this.#objects.put(key, Buffer.concat(parts.map(({ number }) => stored.get(number) ?? Buffer.alloc(0))));
  }

  async isStored(key: string): Promise<boolean> {
    return this.#objects.read(key) !== undefined;
  }
}

const urlOf = (link: Link): string => `https://uploads.example.com/#${encodeURIComponent(JSON.stringify(link))}`;

import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { PresignedUploads } from '../../../src/tasks/index.ts';

const MIB = 1024 * 1024;

export interface OpenPresignedUploads {
  readonly presigned: PresignedUploads;
  /** Puts bytes to a presigned URL. Resolves to false if the store refused them. */
  put(url: string, bytes: Uint8Array<ArrayBuffer>): Promise<boolean>;
  read(key: string): Promise<Uint8Array | undefined>;
}

/** The properties of a store that presigned uploads rely on. */
export const presignedUploadsContract = (name: string, open: () => Promise<OpenPresignedUploads>): void =>
  describe(`${name} keeps the contract of PresignedUploads`, () => {
    let store: OpenPresignedUploads;
    beforeAll(async () => {
      store = await open();
    });
    const aKey = (): string => `uploads/default/${randomUUID()}/a b+c%20ü😀&?#.csv`;
    const filled = (bytes: number, text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.alloc(bytes, text));
    const now = (): number => Date.now();

    it('accepts exactly the number of bytes for which a URL was signed', async () => {
      const key = aKey();
      const url = await store.presigned.linkTo(key, 5, now());
      expect(await store.put(url, filled(4, 'x'))).toBe(false);
      expect(await store.put(url, filled(6, 'x'))).toBe(false);
      expect(await store.presigned.isStored(key)).toBe(false);
      expect(await store.put(url, filled(5, 'x'))).toBe(true);
      expect(await store.presigned.isStored(key)).toBe(true);
      expect(Buffer.from((await store.read(key)) ?? []).toString()).toBe('xxxxx');
    });

    it('assembles an object from parts that arrive in any order, some of them twice', async () => {
      const key = aKey();
      const uploadId = await store.presigned.begin(key);
      expect(await store.presigned.listParts(key, uploadId)).toEqual([]);
      const put = async (number: number, bytes: number, text: string): Promise<boolean> =>
        store.put(await store.presigned.linkToPart(key, uploadId, { number, bytes }, now()), filled(bytes, text));
      expect(await put(2, 3, 'b')).toBe(true);
      expect(await put(1, 5 * MIB, 'x')).toBe(true);
      expect(await put(1, 5 * MIB, 'a')).toBe(true);
      const short = await store.presigned.linkToPart(key, uploadId, { number: 2, bytes: 3 }, now());
      expect(await store.put(short, filled(2, 'b'))).toBe(false);

      const parts = (await store.presigned.listParts(key, uploadId)) ?? [];
      expect(parts.map(({ number, bytes }) => [number, bytes])).toEqual([
        [1, 5 * MIB],
        [2, 3],
      ]);
      expect(await store.presigned.isStored(key)).toBe(false);
      await store.presigned.complete(key, uploadId, parts);
      const stored = Buffer.from((await store.read(key)) ?? []);
      expect(stored.equals(Buffer.concat([filled(5 * MIB, 'a'), filled(3, 'b')]))).toBe(true);
    });

    it('reports that an upload in parts is over, and completes it again without an effect', async () => {
      const key = aKey();
      const uploadId = await store.presigned.begin(key);
      const url = await store.presigned.linkToPart(key, uploadId, { number: 1, bytes: 3 }, now());
      await store.put(url, filled(3, 'a'));
      const parts = (await store.presigned.listParts(key, uploadId)) ?? [];
      await store.presigned.complete(key, uploadId, parts);
      expect(await store.presigned.listParts(key, uploadId)).toBeUndefined();
      await store.presigned.complete(key, uploadId, parts);
      expect(Buffer.from((await store.read(key)) ?? []).toString()).toBe('aaa');
    });
  });

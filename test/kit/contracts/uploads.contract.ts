import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Uploads } from '../../../src/tasks/index.ts';

/** A store of uploads, and the means to read it. */
export interface OpenUploads {
  readonly uploads: Uploads;
  /** Resolves to bytes and version of a stored object, or to undefined if nothing is stored. */
  read(key: string): Promise<{ readonly bytes: Uint8Array; readonly etag: string } | undefined>;
}

/** The properties of a store that the upload of a task file relies on. */
export const uploadsContract = (name: string, open: () => Promise<OpenUploads>): void =>
  describe(`${name} keeps the contract of Uploads`, () => {
    let store: OpenUploads;
    beforeAll(async () => {
      store = await open();
    });

    const stored = async (key: string): Promise<Buffer> => Buffer.from((await store.read(key))?.bytes ?? 'nothing');

    it.each(['tasks.csv', 'a b+c%20ü😀&?#.csv', `${'x'.repeat(240)}.csv`, '__proto__', '1970-01-01T00:00:00Z.csv'])(
      'stores the file %s under exactly its key',
      async (fileName) => {
        const key = `uploads/default/${randomUUID()}/${fileName}`;
        expect(await store.read(key)).toBeUndefined();
        await store.uploads.put(key, Buffer.from('title\nÜben 😀\n'));
        expect((await stored(key)).toString()).toBe('title\nÜben 😀\n');
      },
    );

    it('stores every byte as it is, and an empty file', async () => {
      const key = `uploads/default/${randomUUID()}/bytes.csv`;
      const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index & 0xff);
      await store.uploads.put(key, bytes);
      expect((await stored(key)).equals(bytes)).toBe(true);
      await store.uploads.put(key, new Uint8Array());
      expect(await stored(key)).toHaveLength(0);
    });

    it('stores a file of 4 MiB', async () => {
      const key = `uploads/default/${randomUUID()}/large.csv`;
      await store.uploads.put(key, Buffer.alloc(4 * 1024 * 1024, 'x'));
      expect(await stored(key)).toHaveLength(4 * 1024 * 1024);
    });

    it('gives the same bytes the same version when they are stored again, and other bytes another version', async () => {
      const key = `uploads/default/${randomUUID()}/again.csv`;
      const versions: unknown[] = [];
      for (const text of ['same', 'same', 'other']) {
        await store.uploads.put(key, Buffer.from(text));
        versions.push((await store.read(key))?.etag);
      }
      expect(versions[1]).toBe(versions[0]);
      expect(versions[2]).not.toBe(versions[0]);
    });
  });

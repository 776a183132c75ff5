import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { SourceError, type SourceReference, type Sources } from '../../../src/engine/index.ts';

type Version = Required<SourceReference>;

/** A store of objects, and the means to put objects into it. */
export interface OpenSources {
  readonly sources: Sources;
  put(key: string, bytes: Uint8Array): Promise<Version>;
  remove(key: string): Promise<void>;
  /** The sizes at which pieces of the store begin and end. */
  readonly borders: readonly number[];
  readonly pieceBytesMax: number;
}

/** Bytes in which every position differs from its neighbours. */
const patterned = (length: number, seed = 0): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8) * 7 + seed) & 0xff);

/** The properties of a store of sources that the engine relies on. */
export const sourcesContract = (name: string, open: () => Promise<OpenSources>): void =>
  describe(`${name} keeps the contract of Sources`, () => {
    let store: OpenSources;
    beforeAll(async () => {
      store = await open();
    });

    const read = async (version: Version, fromByte = 0): Promise<Buffer> =>
      Buffer.concat(await Array.fromAsync(store.sources.open(version, fromByte)));
    const put = (bytes: Uint8Array, key = `uploads/${randomUUID()}/a b+ü%😀.csv`): Promise<Version> =>
      store.put(key, bytes);
    const codeOf = (reading: Promise<unknown>): Promise<unknown> =>
      reading.catch((error: unknown) => (error instanceof SourceError ? error.code : error));

    it('returns the bytes as they were stored, in pieces of bounded size', async () => {
      for (const border of store.borders) {
        for (const length of [border - 1, border, border + 1]) {
          const bytes = patterned(length);
          const pieces = await Array.fromAsync(store.sources.open(await put(bytes), 0));
          expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
          expect(Math.max(0, ...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(store.pieceBytesMax);
        }
      }
    });

    it('returns the rest of the bytes from any offset on', async () => {
      const bytes = patterned(Math.min(...store.borders) * 2 + 10);
      const version = await put(bytes);
      const anyOffset = fc.oneof(
        fc.nat(bytes.length),
        fc.constantFrom(0, 1, bytes.length - 1, bytes.length, ...store.borders).filter((at) => at <= bytes.length),
      );
      await fc.assert(
        fc.asyncProperty(anyOffset, async (from) => (await read(version, from)).equals(bytes.subarray(from))),
        { numRuns: 30 },
      );
    });

    it('returns nothing for an empty object, and nothing from the end on', async () => {
      expect(await read(await put(new Uint8Array()))).toHaveLength(0);
      expect(await read(await put(patterned(10)), 10)).toHaveLength(0);
    });

    it('lets a reader stop before the end, and continue from there', async () => {
      const bytes = patterned(Math.max(...store.borders) + 1);
      const version = await put(bytes);
      for await (const piece of store.sources.open(version, 0)) {
        expect(Buffer.from(piece).equals(bytes.subarray(0, piece.length))).toBe(true);
        expect((await read(version, piece.length)).equals(bytes.subarray(piece.length))).toBe(true);
        break;
      }
    });

    it('refuses to read if another version is stored than the one asked for', async () => {
      const version = await put(patterned(100));
      await put(patterned(100, 1), version.key);
      expect(await codeOf(read(version))).toBe('SOURCE_CHANGED');
      expect(await codeOf(read(version, 50))).toBe('SOURCE_CHANGED');
    });

    it('treats the same bytes, stored again, as the same version', async () => {
      const version = await put(patterned(100));
      expect(await put(patterned(100), version.key)).toEqual(version);
      expect(await read(version)).toHaveLength(100);
    });

    it('refuses to read an object that is not stored', async () => {
      const version = await put(patterned(100));
      await store.remove(version.key);
      expect(await codeOf(read(version))).toBe('SOURCE_MISSING');
      expect(await codeOf(read({ ...version, key: 'uploads/never-there.csv' }))).toBe('SOURCE_MISSING');
    });

    it.each([
      ['SOURCE_CHANGED', (version: Version) => put(patterned(version.bytes, 1), version.key)],
      ['SOURCE_MISSING', ({ key }: Version) => store.remove(key)],
    ])(
      'ends with %s if the object changes while it is read, and returns no byte of another version',
      async (code, happen) => {
        const bytes = patterned(Math.max(...store.borders) + 10);
        const version = await put(bytes);
        const given: Uint8Array[] = [];
        const reading = async (): Promise<void> => {
          for await (const piece of store.sources.open(version, 0)) {
            if (given.length === 0) await happen(version);
            given.push(piece);
          }
        };
        expect(await codeOf(reading())).toBe(code);
        const before = Buffer.concat(given);
        expect(before.equals(bytes.subarray(0, before.length))).toBe(true);
      },
    );
  });

import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ObjectListing, ReceivedObject } from '../../../src/engine/index.ts';

/** A store of objects, and the means to put objects into it. */
export interface OpenListing {
  /** Opens the listing as another function would: it knows only what is stored. */
  listing(): ObjectListing;
  put(key: string, bytes: Uint8Array): Promise<ReceivedObject>;
  remove(key: string): Promise<void>;
  readonly objectsPerPage: number;
}

const PREFIX = 'uploads/';
const PUTS_AT_ONCE = 50;

/** The properties of the listing of a store that the engine relies on. */
export const listingContract = (name: string, open: () => Promise<OpenListing>): void =>
  describe(`${name} keeps the contract of ObjectListing`, () => {
    let store: OpenListing;
    beforeAll(async () => {
      store = await open();
    });

    const put = (key: string, text = key): Promise<ReceivedObject> => store.put(key, Buffer.from(text));
    /** Resolves to the keys of `count` pages. Another function asks for each. */
    async function pages(count: number): Promise<string[][]> {
      const found: string[][] = [];
      for (let page = 0; page < count; page++) {
        const listed = await store.listing().page(PREFIX);
        found.push(listed.objects.map(({ key }) => key));
        await store.listing().turn(listed);
      }
      return found;
    }

    it('finds a stored object with the version that its event has, and none where nothing is stored', async () => {
      const key = `elsewhere/${randomUUID()}/a b+ü%😀.csv`;
      expect(await store.listing().find(key)).toBeUndefined();
      const stored = await put(key, 'title\nx\n');
      expect(await store.listing().find(key)).toEqual(stored);
      expect(stored.bytes).toBe(8);
      expect(await put(key, '')).toEqual(await store.listing().find(key));
      await store.remove(key);
      expect(await store.listing().find(key)).toBeUndefined();
    });

    it('returns an empty page as often as it is asked while nothing is stored', async () => {
      await put('elsewhere/names.csv');
      expect(await pages(2)).toEqual([[], []]);
    });

    it('lists the objects under a prefix, but no folders', async () => {
      const stored = [await put(`${PREFIX}a b+ü%😀.csv`), await put(`${PREFIX}default/b.csv`, '')];
      await put(`${PREFIX}default/`, '');
      expect(await store.listing().page(PREFIX)).toEqual({ objects: stored, tries: 0 });
      for (const key of [...stored.map((object) => object.key), `${PREFIX}default/`]) await store.remove(key);
    });

    it('starts again after the last page; each page follows the one before, whichever function asks', async () => {
      const size = store.objectsPerPage;
      const keys = Array.from({ length: 2 * size + 1 }, (_, index) => `${PREFIX}${String(index).padStart(6, '0')}.csv`);
      for (let first = 0; first < keys.length; first += PUTS_AT_ONCE) {
        await Promise.all(keys.slice(first, first + PUTS_AT_ONCE).map((key) => put(key, '')));
      }
      const round = [keys.slice(0, size), keys.slice(size, 2 * size), keys.slice(2 * size)];
      expect(await pages(6)).toEqual([...round, ...round]);
      // The listing stays at a page until a caller turns it, and counts how often the page was kept.
      for (const page of round) {
        for (let tries = 0; tries < 3; tries++) {
          const kept = await store.listing().page(PREFIX);
          expect([kept.tries, kept.objects.map(({ key }) => key)]).toEqual([tries, page]);
          await store.listing().keep(kept);
        }
        expect(await pages(1)).toEqual([page]);
      }
      // An object after the current position is in this round, one before it in the next. The last object may vanish.
      expect(await pages(1)).toEqual([round[0]]);
      await put(`${PREFIX}0.csv`, '');
      await put(`${PREFIX}zzz.csv`, '');
      await store.remove(keys.at(-1)!);
      expect(await pages(2)).toEqual([round[1], [`${PREFIX}zzz.csv`]]);
      expect((await pages(1)).flat()).toContain(`${PREFIX}0.csv`);
    });
  });

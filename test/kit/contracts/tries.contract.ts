import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { SegmentKey, Tried, Tries } from '../../../src/engine/index.ts';

const aSegment = (): SegmentKey => ({ tenant: randomUUID(), runId: randomUUID(), segment: 3 });

/** The properties of a store of tries that the engine relies on. */
export const triesContract = (name: string, open: () => Promise<Tries>): void =>
  describe(`${name} keeps the contract of Tries`, () => {
    let tries: Tries;
    beforeAll(async () => {
      tries = await open();
    });

    /** The open tries: the item or reading that was tried, with its instants in order. */
    const openTries = async (key: SegmentKey, batch = 7): Promise<[Tried, number[]][]> =>
      [...(await tries.readOpen(key, batch))]
        .map(([tried, begun]): [Tried, number[]] => [tried, begun.toSorted((a, b) => a - b)])
        .toSorted(([a], [b]) => String(a).localeCompare(String(b)));

    it('has no open tries before one begins', async () => {
      expect(await openTries(aSegment())).toEqual([]);
    });

    it('returns each open try by item', async () => {
      const key = aSegment();
      await tries.begin(key, 7, 175, 1_000);
      await tries.begin(key, 7, 180, 1_000);
      await tries.begin(key, 7, 175, 2_000);
      expect(await openTries(key)).toEqual([
        [175, [1_000, 2_000]],
        [180, [1_000]],
      ]);
    });

    it('counts a try once, however often it is noted', async () => {
      const key = aSegment();
      for (let time = 0; time < 3; time += 1) await tries.begin(key, 7, 175, 1_000);
      expect(await openTries(key)).toEqual([[175, [1_000]]]);
    });

    it('ends all tries of an item, and of no other item', async () => {
      const key = aSegment();
      for (const at of [1_000, 2_000]) await tries.begin(key, 7, 175, at);
      await tries.begin(key, 7, 180, 3_000);
      await tries.end(key, 7, 175);
      expect(await openTries(key)).toEqual([[180, [3_000]]]);
      await tries.begin(key, 7, 175, 4_000);
      expect(await openTries(key)).toEqual([
        [175, [4_000]],
        [180, [3_000]],
      ]);
    });

    it('ends a try twice, or one that never began, without an effect', async () => {
      const key = aSegment();
      await tries.begin(key, 7, 175, 1_000);
      for (const index of [175, 175, 176]) await tries.end(key, 7, index);
      expect(await openTries(key)).toEqual([]);
    });

    it('keeps tenants, runs, segments and batches apart', async () => {
      const key = aSegment();
      await tries.begin(key, 7, 175, 1_000);
      for (const other of [aSegment(), { ...key, segment: 30 }, { ...key, runId: randomUUID() }]) {
        await tries.end(other, 7, 175);
        expect(await openTries(other)).toEqual([]);
      }
      await tries.end(key, 70, 175);
      expect(await openTries(key, 70)).toEqual([]);
      expect(await openTries(key)).toEqual([[175, [1_000]]]);
    });

    it('keeps readings of the source apart from the items of the batch, and from other attempts', async () => {
      const key = aSegment();
      await tries.begin(key, 7, 1, 1_000);
      await tries.begin(key, 7, 'split0', 2_000);
      await tries.begin(key, 7, 'split1', 3_000);
      await tries.begin(key, 7, 'split1', 4_000);
      expect(await openTries(key)).toEqual([
        [1, [1_000]],
        ['split0', [2_000]],
        ['split1', [3_000, 4_000]],
      ]);
      await tries.end(key, 7, 'split1');
      expect(await openTries(key)).toEqual([
        [1, [1_000]],
        ['split0', [2_000]],
      ]);
    });

    it('notes the tries of many workers at once', async () => {
      const key = aSegment();
      const workers = Array.from({ length: 20 }, (_, worker) => worker);
      await Promise.all(workers.map((worker) => tries.begin(key, 7, 175 + (worker % 2), worker)));
      expect(await openTries(key)).toEqual([
        [175, workers.filter((worker) => worker % 2 === 0)],
        [176, workers.filter((worker) => worker % 2 === 1)],
      ]);
    });
  });

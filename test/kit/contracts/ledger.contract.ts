import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { emptySegment, type BatchOutcome, type Ledger, type SegmentKey } from '../../../src/engine/index.ts';

const aSegment = (changes: Partial<SegmentKey> = {}): SegmentKey => ({
  tenant: randomUUID(),
  runId: randomUUID(),
  segment: 0,
  ...changes,
});

/** An outcome of 24 items that succeeded and one that failed. The bytes tell the batches apart. */
const outcomeOf = (batch: number, changes: Partial<BatchOutcome> = {}): BatchOutcome => ({
  batch,
  succeeded: 24,
  failed: 1,
  bytes: 10 ** 9 + batch,
  failuresReference: `ref${batch}`,
  ...changes,
});

/** The properties of a ledger that the engine relies on. */
export const ledgerContract = (name: string, open: () => Promise<Ledger>): void =>
  describe(`${name} keeps the contract of Ledger`, () => {
    let ledger: Ledger;
    beforeAll(async () => {
      ledger = await open();
    });

    const segmentAfter = (key: SegmentKey, outcomes: readonly BatchOutcome[]) => ({
      ...key,
      batches: new Set(outcomes.map(({ batch }) => batch)),
      succeeded: outcomes.reduce((sum, { succeeded }) => sum + succeeded, 0),
      failed: outcomes.reduce((sum, { failed }) => sum + failed, 0),
      bytes: outcomes.reduce((sum, { bytes }) => sum + bytes, 0),
      failuresReferences: new Map(outcomes.map(({ batch, failuresReference }) => [batch, failuresReference])),
      changedAt: expect.any(Number),
    });

    it('returns an empty segment where nothing is recorded', async () => {
      const key = aSegment();
      expect(await ledger.read([key])).toEqual([emptySegment(key)]);
      expect(await ledger.read([])).toEqual([]);
    });

    it('records batches, and returns the whole segment', async () => {
      const key = aSegment();
      const first = [outcomeOf(3), outcomeOf(0)];
      const second = [outcomeOf(1), outcomeOf(99)];
      expect(await ledger.record(key, first)).toEqual({ recorded: true, segment: segmentAfter(key, first) });
      const both = segmentAfter(key, [...first, ...second]);
      expect(await ledger.record(key, second)).toEqual({ recorded: true, segment: both });
      expect(await ledger.read([key])).toEqual([both]);
    });

    it('has no reference to failures for a batch without failures', async () => {
      const key = aSegment();
      const clean = { batch: 7, succeeded: 25, failed: 0, bytes: 0 };
      await ledger.record(key, [clean]);
      expect(await ledger.read([key])).toEqual([
        { ...emptySegment(key), batches: new Set([7]), succeeded: 25, changedAt: expect.any(Number) },
      ]);
    });

    it('stores when a segment last recorded a batch, and ignores refused batches', async () => {
      const key = aSegment();
      expect((await ledger.read([key]))[0]).not.toHaveProperty('changedAt');
      const changedAt = async (batches: readonly number[]): Promise<number> => {
        const { segment } = await ledger.record(
          key,
          batches.map((batch) => outcomeOf(batch)),
        );
        return Number(segment.changedAt);
      };
      const begin = Date.now();
      const first = await changedAt([0]);
      expect(first).toBeGreaterThanOrEqual(begin);
      expect(first).toBeLessThanOrEqual(Date.now());
      while (Date.now() <= first) await ledger.read([key]);
      expect(await changedAt([0, 1])).toBe(first);
      const second = await changedAt([1]);
      expect(second).toBeGreaterThan(first);
      expect((await ledger.read([key]))[0]).toMatchObject({ changedAt: second });
    });

    it('records all batches of a call, or none', async () => {
      const key = aSegment();
      await ledger.record(key, [outcomeOf(1), outcomeOf(2)]);
      const unchanged = segmentAfter(key, [outcomeOf(1), outcomeOf(2)]);
      for (const overlap of [[2, 3], [3, 2], [3, 4, 1], [1]]) {
        const outcomes = overlap.map((batch) => outcomeOf(batch));
        expect(await ledger.record(key, outcomes)).toEqual({ recorded: false, segment: unchanged });
      }
      expect(await ledger.read([key])).toEqual([unchanged]);
    });

    it('never changes a recorded batch, whatever a later call says', async () => {
      const key = aSegment();
      await ledger.record(key, [outcomeOf(5)]);
      await ledger.record(key, [outcomeOf(5, { succeeded: 0, failed: 25, failuresReference: 'newer' })]);
      expect(await ledger.read([key])).toEqual([segmentAfter(key, [outcomeOf(5)])]);
    });

    it('counts 20 batches once under 200 concurrent recorders', async () => {
      const key = aSegment();
      const outcomes = Array.from({ length: 20 }, (_, batch) => outcomeOf(batch));
      const results = await Promise.all(
        Array.from({ length: 200 }, (_, index) => ledger.record(key, [outcomes[(index * 7) % 20]!])),
      );
      expect(results.filter(({ recorded }) => recorded)).toHaveLength(20);
      expect(await ledger.read([key])).toEqual([segmentAfter(key, outcomes)]);
    });

    it('counts once under concurrent recorders of overlapping groups', async () => {
      const key = aSegment();
      const groups = Array.from({ length: 20 }, (_, first) => [0, 1, 2].map((step) => outcomeOf((first + step) % 20)));
      const results = await Promise.all(groups.map((group) => ledger.record(key, group)));
      const recorded = groups.filter((_, index) => results[index]?.recorded).flat();
      expect(new Set(recorded.map(({ batch }) => batch)).size).toBe(recorded.length);
      expect(await ledger.read([key])).toEqual([segmentAfter(key, recorded)]);
    });

    it('records the batches of a whole segment in one call', async () => {
      const key = aSegment();
      const outcomes = Array.from({ length: 100 }, (_, batch) => outcomeOf(900 + batch));
      expect(await ledger.record(key, outcomes)).toEqual({ recorded: true, segment: segmentAfter(key, outcomes) });
    });

    it('keeps tenants, runs and segments apart, and reads any number of them in the order asked for', async () => {
      const key = aSegment();
      const others = [aSegment({ runId: key.runId }), aSegment({ tenant: key.tenant }), { ...key, segment: 10 }];
      const keys = [key, ...others, ...Array.from({ length: 250 }, (_, index) => ({ ...key, segment: 300 - index }))];
      await ledger.record(key, [outcomeOf(1)]);
      await ledger.record({ ...key, segment: 299 }, [outcomeOf(2)]);
      const read = await ledger.read(keys);
      expect(read.map(({ tenant, runId, segment }) => ({ tenant, runId, segment }))).toEqual(keys);
      expect(read.flatMap(({ segment, batches }) => [...batches].map((batch) => [segment, batch]))).toEqual([
        [0, 1],
        [299, 2],
      ]);
    });
  });

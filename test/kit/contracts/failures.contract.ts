import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { BatchFailures, Failures, ItemFailure, SegmentKey } from '../../../src/engine/index.ts';

const aSegment = (segment = 0): SegmentKey => ({ tenant: randomUUID(), runId: randomUUID(), segment });

const aFailure = (index: number, changes: Partial<ItemFailure> = {}): ItemFailure => ({
  index,
  line: index + 2,
  code: 'TOO_LONG',
  column: 'title',
  value: 'much too long',
  message: 'title is longer than 100 characters',
  cells: ['much too long', '', 'yes'],
  ...changes,
});

const ofBatch = (batch: number, reference = 'a', failures = [aFailure(batch * 25)]): BatchFailures => ({
  batch,
  reference,
  failures,
});

/** The properties of a store of failures that the engine relies on. */
export const failuresContract = (name: string, open: () => Promise<Failures>): void =>
  describe(`${name} keeps the contract of Failures`, () => {
    let failures: Failures;
    beforeAll(async () => {
      failures = await open();
    });

    const listed = (key: SegmentKey, fromBatch = 0): Promise<BatchFailures[]> =>
      Array.fromAsync(failures.list(key, fromBatch));

    it('lists nothing for a segment without failures', async () => {
      expect(await listed(aSegment())).toEqual([]);
    });

    it('lists failures in order of their batches, from any batch on', async () => {
      const key = aSegment();
      const batches = [10, 2, 99, 0, 1_000_000_000].map((batch) => ofBatch(batch));
      for (const batch of batches) await failures.keep(key, batch);
      const inOrder = batches.toSorted((a, b) => a.batch - b.batch);
      expect(await listed(key)).toEqual(inOrder);
      expect(await listed(key, 3)).toEqual(inOrder.slice(2));
      expect(await listed(key, 10)).toEqual(inOrder.slice(2));
      expect(await listed(key, 1_000_000_001)).toEqual([]);
    });

    it('stores the same failures a second time without an effect', async () => {
      const key = aSegment();
      await failures.keep(key, ofBatch(4));
      await failures.keep(key, ofBatch(4));
      expect(await listed(key)).toEqual([ofBatch(4)]);
    });

    it('keeps the failures of two deliveries of a batch under different rules', async () => {
      const key = aSegment();
      const newer = ofBatch(4, 'b', [aFailure(101, { code: 'REQUIRED' })]);
      await failures.keep(key, newer);
      await failures.keep(key, ofBatch(4, 'a'));
      await failures.keep(key, ofBatch(5));
      const found = await listed(key, 4);
      expect(found).toHaveLength(3);
      expect(found.slice(0, 2)).toEqual(expect.arrayContaining([newer, ofBatch(4, 'a')]));
      expect(found[2]).toEqual(ofBatch(5));
    });

    it('keeps tenants, runs and segments apart', async () => {
      const key = aSegment();
      await failures.keep(key, ofBatch(1));
      for (const other of [aSegment(), { ...key, segment: 10 }, { ...key, runId: randomUUID() }]) {
        expect(await listed(other)).toEqual([]);
      }
    });

    it('returns any text unchanged, and leaves absent fields absent', async () => {
      const key = aSegment();
      const text = '\u0000\u001f\u007f\u009f\u2028\ufffd\ufffe\uffff😀👩‍👩‍👧 "\\';
      const { column: _, value: __, ...bare } = aFailure(1);
      const kept = ofBatch(0, text, [
        bare,
        aFailure(2, { value: text, cells: [text, '', ' '] }),
        { ...bare, cells: [] },
      ]);
      await failures.keep(key, kept);
      expect(await listed(key)).toEqual([kept]);
    });

    it('stores the failures of the largest batch', async () => {
      const key = aSegment();
      const message = 'x'.repeat(140);
      const cell = 'ü'.repeat(25);
      const rows = Array.from({ length: 1_000 }, (_, index) =>
        aFailure(index, { value: cell, cells: [cell], message }),
      );
      await failures.keep(key, ofBatch(0, 'rows', rows));
      const huge = 'x'.repeat(64 * 1024);
      await failures.keep(key, ofBatch(1, 'huge', [aFailure(0, { value: huge, cells: [huge] })]));
      expect(await listed(key)).toEqual([ofBatch(0, 'rows', rows), expect.objectContaining({ reference: 'huge' })]);
    });

    it('lists more failures than a store reads in one call', async () => {
      const key = aSegment();
      const cells = ['x'.repeat(60 * 1024)];
      const batches = Array.from({ length: 40 }, (_, batch) => ofBatch(batch, 'a', [aFailure(batch, { cells })]));
      await Promise.all(batches.map((batch) => failures.keep(key, batch)));
      expect((await listed(key)).map(({ batch }) => batch)).toEqual(batches.map(({ batch }) => batch));
      expect((await listed(key, 30)).map(({ batch }) => batch)).toEqual([30, 31, 32, 33, 34, 35, 36, 37, 38, 39]);
    });

    it('lets a caller stop a list before its end', async () => {
      const key = aSegment();
      for (const batch of [1, 2, 3]) await failures.keep(key, ofBatch(batch));
      for await (const first of failures.list(key, 0)) {
        expect(first).toEqual(ofBatch(1));
        break;
      }
    });
  });

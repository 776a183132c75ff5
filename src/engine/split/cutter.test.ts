import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aCut } from '../../../test/kit/factories.ts';
import { Cutter } from './cutter.ts';
import type { CutRule } from '../model/job.ts';
import type { SourceRecord } from '../model/records.ts';

const items = (texts: readonly string[]): SourceRecord[] =>
  texts.map((text, index) => ({ line: index + 2, cells: [text], endOffset: index + 1, nextLine: index + 3 }));

/** Cuts items into batches, the last one included. */
function cut(rule: CutRule, source: readonly SourceRecord[]): (readonly SourceRecord[])[] {
  const cutter = new Cutter(rule);
  const full = source.map((item) => cutter.add(item)).filter((batch) => batch !== undefined);
  const rest = cutter.rest();
  return rest.length > 0 ? [...full, rest] : full;
}

const sizes = (rule: CutRule, texts: readonly string[]): number[] =>
  cut(rule, items(texts)).map((batch) => batch.length);

/** A cell of `length` letters is 4 bytes longer in a message: `["…"]`. */
const ofBytes = (bytes: number): string => 'x'.repeat(bytes - 4);

describe('Cutter', () => {
  it('fills every batch but the last', () => {
    const rule = aCut({ itemsPerBatch: 3 });
    expect(sizes(rule, [])).toEqual([]);
    expect(sizes(rule, ['a', 'b'])).toEqual([2]);
    expect(sizes(rule, ['a', 'b', 'c'])).toEqual([3]);
    expect(sizes(rule, ['a', 'b', 'c', 'd'])).toEqual([3, 1]);
  });

  it('gives each item a batch of its own if the rule says one', () => {
    expect(sizes(aCut({ itemsPerBatch: 1, batchBytes: 8 }), ['a', 'b', ofBytes(100), 'c'])).toEqual([1, 1, 1, 1]);
  });

  it('fills a batch up to its bytes exactly, and cuts before an item that would pass them', () => {
    const rule = aCut({ itemsPerBatch: 10, batchBytes: 100 });
    expect(sizes(rule, [ofBytes(60), ofBytes(40), ofBytes(5)])).toEqual([2, 1]);
    expect(sizes(rule, [ofBytes(60), ofBytes(41), ofBytes(5)])).toEqual([1, 2]);
  });

  it('counts the bytes that a message takes, not the letters', () => {
    const rule = aCut({ itemsPerBatch: 10, batchBytes: 40 });
    expect(sizes(rule, ['€€€€€', '€€€€€'])).toEqual([2]);
    expect(sizes(rule, ['€€€€€€', '€€€€€€'])).toEqual([1, 1]);
    expect(sizes(rule, ['\u0001\u0001\u0001', '\u0001\u0001\u0001'])).toEqual([1, 1]);
  });

  it('gives an item over the bound a batch of its own', () => {
    const rule = aCut({ itemsPerBatch: 3, batchBytes: 20 });
    expect(sizes(rule, ['a', ofBytes(50), 'b', 'c', ofBytes(50)])).toEqual([1, 1, 2, 1]);
  });

  it('cuts the same batches from the end of any of them', () => {
    const aRule = fc.record({
      itemsPerBatch: fc.integer({ min: 1, max: 4 }),
      batchesPerSegment: fc.constant(2),
      batchBytes: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(aRule, fc.array(fc.string({ maxLength: 20 }), { maxLength: 20 }), (rule, texts) => {
        const source = items(texts);
        const batches = cut(rule, source);
        expect(batches.flat()).toEqual(source);
        let done = 0;
        batches.forEach((batch, index) => {
          expect(batch.length).toBeLessThanOrEqual(rule.itemsPerBatch);
          done += batch.length;
          expect(cut(rule, source.slice(done))).toEqual(batches.slice(index + 1));
        });
      }),
    );
  });
});

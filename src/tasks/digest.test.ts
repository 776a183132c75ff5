import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { computeDigest } from './digest.ts';

const parts = fc.array(fc.string({ unit: 'binary', maxLength: 5 }), { maxLength: 4 });

it('is the same for the same parts, as text or as bytes', () => {
  fc.assert(
    fc.property(parts, (texts) => {
      expect(computeDigest(...texts.map((text) => Buffer.from(text)))).toBe(computeDigest(...texts));
    }),
  );
});

it('differs for any two lists of parts, even if they are the same text in one piece', () => {
  expect(computeDigest('ab', 'c')).not.toBe(computeDigest('a', 'bc'));
  expect(computeDigest('1\na')).not.toBe(computeDigest('', '1\na'));
  fc.assert(
    fc.property(parts, parts, (one, other) => {
      expect(computeDigest(...one) === computeDigest(...other)).toBe(JSON.stringify(one) === JSON.stringify(other));
    }),
  );
});

it('is text that may be a part of a key or a header', () => {
  expect(computeDigest('x', new Uint8Array(100_000))).toMatch(/^[\w-]{43}$/);
});

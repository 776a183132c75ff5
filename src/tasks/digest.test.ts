import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { digestOf } from './digest.ts';

const parts = fc.array(fc.string({ unit: 'binary', maxLength: 5 }), { maxLength: 4 });

it('is the same for the same parts, as text or as bytes', () => {
  fc.assert(
    fc.property(parts, (texts) => {
      expect(digestOf(...texts.map((text) => Buffer.from(text)))).toBe(digestOf(...texts));
    }),
  );
});

it('tells any two lists of parts apart, also such as read the same in one piece', () => {
  expect(digestOf('ab', 'c')).not.toBe(digestOf('a', 'bc'));
  expect(digestOf('1\na')).not.toBe(digestOf('', '1\na'));
  fc.assert(
    fc.property(parts, parts, (one, other) => {
      expect(digestOf(...one) === digestOf(...other)).toBe(JSON.stringify(one) === JSON.stringify(other));
    }),
  );
});

it('is text that can stand in a key or a header', () => {
  expect(digestOf('x', new Uint8Array(100_000))).toMatch(/^[\w-]{43}$/);
});

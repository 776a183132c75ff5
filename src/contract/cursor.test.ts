import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import * as z from 'zod';
import { CursorError, cursorCodec } from './cursor.ts';

const place = cursorCodec(z.strictObject({ item: z.int().min(0), after: z.string().optional() }));
const toJsonText = (text: string): string => Buffer.from(text).toString('base64url');

describe('a cursor', () => {
  it('leads back to its place', () => {
    const anyPlace = fc.record(
      { item: fc.maxSafeNat(), after: fc.string({ unit: 'binary' }) },
      { requiredKeys: ['item'], noNullPrototype: true },
    );
    fc.assert(fc.property(anyPlace, (one) => expect(place.decode(place.encode(one))).toEqual(one)));
  });

  it('needs no escape in a URL or a header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (after) => {
        expect(place.encode({ item: 0, after })).toMatch(/^[\w-]+$/);
      }),
    );
  });

  it('that is any text is a place, or refused as damaged', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json().map(toJsonText)), (cursor) => {
        try {
          expect(place.decode(cursor).item).toBeGreaterThanOrEqual(0);
        } catch (error) {
          expect(error).toBeInstanceOf(CursorError);
        }
      }),
    );
  });

  it.each([
    '',
    '!',
    'x',
    toJsonText('{'),
    toJsonText('null'),
    toJsonText('{}'),
    toJsonText('{"item":-1}'),
    toJsonText('{"item":0.5}'),
  ])('is refused if it is %j', (cursor) => {
    expect(() => place.decode(cursor)).toThrow(CursorError);
    expect(() => place.decode(cursor)).toThrow(`The cursor ${JSON.stringify(cursor)} is damaged, or of another list`);
  });

  it('of another list is refused', () => {
    const other = cursorCodec(z.strictObject({ partition: z.int() }));
    expect(() => place.decode(other.encode({ partition: 1 }))).toThrow(CursorError);
    expect(() => place.decode(toJsonText('{"item":1,"partition":1}'))).toThrow(CursorError);
  });

  it('does not hide a fault of our own', () => {
    const faulty = cursorCodec(
      z.string().transform((): string => {
        throw new RangeError('ours');
      }),
    );
    expect(() => faulty.decode(toJsonText('"x"'))).toThrow(RangeError);
  });
});

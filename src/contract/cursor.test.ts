import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import * as z from 'zod';
import { CursorError, cursorCodec } from './cursor.ts';

const codec = cursorCodec(z.strictObject({ item: z.int().min(0), after: z.string().optional() }));
const encode = (text: string): string => Buffer.from(text).toString('base64url');

describe('a cursor', () => {
  it('decodes to the position that it encodes', () => {
    const anyPosition = fc.record(
      { item: fc.maxSafeNat(), after: fc.string({ unit: 'binary' }) },
      { requiredKeys: ['item'], noNullPrototype: true },
    );
    fc.assert(fc.property(anyPosition, (one) => expect(codec.decode(codec.encode(one))).toEqual(one)));
  });

  it('needs no escape in a URL or a header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (after) => {
        expect(codec.encode({ item: 0, after })).toMatch(/^[\w-]+$/);
      }),
    );
  });

  it('of any text decodes to a position, or is refused', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json().map(encode)), (cursor) => {
        try {
          expect(codec.decode(cursor).item).toBeGreaterThanOrEqual(0);
        } catch (error) {
          expect(error).toBeInstanceOf(CursorError);
        }
      }),
    );
  });

  it.each(['', '!', 'x', encode('{'), encode('null'), encode('{}'), encode('{"item":-1}'), encode('{"item":0.5}')])(
    'is refused if it is %j',
    (cursor) => {
      expect(() => codec.decode(cursor)).toThrow(CursorError);
      expect(() => codec.decode(cursor)).toThrow(
        `cursor is ${JSON.stringify(cursor)}, which is damaged or belongs to another list`,
      );
    },
  );

  it('of another list is refused', () => {
    const other = cursorCodec(z.strictObject({ partition: z.int() }));
    expect(() => codec.decode(other.encode({ partition: 1 }))).toThrow(CursorError);
    expect(() => codec.decode(encode('{"item":1,"partition":1}'))).toThrow(CursorError);
  });

  it('lets an error of the schema itself through', () => {
    const faulty = cursorCodec(
      z.string().transform((): string => {
        throw new RangeError('fault');
      }),
    );
    expect(() => faulty.decode(encode('"x"'))).toThrow(RangeError);
  });
});

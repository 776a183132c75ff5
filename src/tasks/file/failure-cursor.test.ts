import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pageQuery } from '../../contract/index.ts';
import { failureCursor } from './failure-cursor.ts';

const index = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const run = fc.record({ segment: index, batch: fc.nat(99) });

it('the cursor of a file with the most redrives that it may have fits into a request', () => {
  fc.assert(
    fc.property(index, fc.array(run, { maxLength: 101 }), (item, runs) => {
      const cursor = failureCursor.encode({ item, runs });
      expect(pageQuery.parse({ cursor }).cursor).toBe(cursor);
      expect(failureCursor.decode(cursor)).toEqual({ item, runs });
    }),
  );
  const ended = Array.from({ length: 101 }, () => ({ segment: Number.MAX_SAFE_INTEGER, batch: 99 }));
  expect(() => pageQuery.parse({ cursor: failureCursor.encode({ item: 10 ** 12, runs: ended }) })).not.toThrow();
});

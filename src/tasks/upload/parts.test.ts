import { describe, expect, it } from '@jest/globals';
import { PRESIGNED_MAX_BYTES } from '../../contract/index.ts';
import { choosePartBytes, findPartFaults, planParts } from './parts.ts';

const MIB = 1024 * 1024;

describe('the parts of a file', () => {
  it.each([
    ['of a byte more than one part', 8 * MIB + 1, 8 * MIB, 2, 1],
    ['that fills its parts', 24 * MIB, 8 * MIB, 3, 8 * MIB],
    ['of 8,000 MiB', 8_000 * MIB, 8 * MIB, 1_000, 8 * MIB],
    ['of a byte more', 8_000 * MIB + 1, 9 * MIB, 889, 8 * MIB + 1],
    ['of the largest size', PRESIGNED_MAX_BYTES, 5_120 * MIB, 1_000, 5_120 * MIB],
  ])('%s', (_, bytes, partBytes, count, last) => {
    expect(choosePartBytes(bytes)).toBe(partBytes);
    const plan = planParts(bytes, partBytes);
    expect([plan.count, plan.bytesOf(1), plan.bytesOf(count)]).toEqual([count, partBytes, last]);
    expect((count - 1) * partBytes + last).toBe(bytes);
  });

  it('are compared with those that arrived', () => {
    const plan = planParts(25, 10);
    const part = (number: number, bytes: number) => ({ number, bytes, etag: 'e' });
    expect(findPartFaults(plan, [part(1, 10), part(2, 10), part(3, 5)])).toEqual([]);
    expect(findPartFaults(plan, [part(2, 9), part(3, 10)])).toEqual([
      'part 1 is missing',
      'part 2 has 9 bytes, not 10',
      'part 3 has 10 bytes, not 5',
    ]);
  });
});

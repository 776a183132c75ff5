import { describe, expect, it } from '@jest/globals';
import type { CallCount } from '../local/gate/call/call-counter.ts';
import { byOperation, writeUnitsPerRow } from './counts.ts';

const count = (caller: string, operation: string, numbers: Partial<CallCount>): CallCount => ({
  caller,
  service: 'dynamodb',
  operation,
  calls: 1,
  refused: 0,
  lastAt: 0,
  readUnits: 0,
  writeUnits: 0,
  ...numbers,
});

describe('the counts of a file', () => {
  const operations = byOperation([
    count('Worker', 'UpdateItem', { calls: 3, writeUnits: 4 }),
    count('Worker', 'GetItem', { calls: 2, readUnits: 1.5 }),
    count('Splitter', 'UpdateItem', { calls: 2, writeUnits: 2 }),
  ]);

  it('are sums over the callers', () => {
    expect(operations).toEqual([
      { service: 'dynamodb', operation: 'UpdateItem', calls: 5, readUnits: 0, writeUnits: 6 },
      { service: 'dynamodb', operation: 'GetItem', calls: 2, readUnits: 1.5, writeUnits: 0 },
    ]);
  });

  it('are divided by its rows', () => {
    expect(writeUnitsPerRow({ rows: 4, operations })).toBe(1.5);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { Verification } from '../../src/contract/index.ts';
import { formatReceipt, verifyFile } from './receipt.ts';

const ID = '01948f3c-2c00-7000-8000-000000000001';
const EXPECTED = { recordCount: 6_000, processedCount: 5_990, failedCount: 10 };

const aPage = (changes: Partial<Verification>): Verification => ({
  taskFileId: ID,
  rows: 1_000,
  stored: 1_000,
  failed: 0,
  differences: [],
  differing: 0,
  expected: EXPECTED,
  ...changes,
});

/** A service that returns these pages in turn, by their cursors. */
const serving = (...pages: readonly Verification[]) => ({
  verifyTaskFile: async ({ query = {} }: { query?: { cursor?: string | undefined } }) =>
    pages[Number(query.cursor ?? 0)]!,
});

describe('verifying a task file', () => {
  it('adds up its parts, and is exact if they equal the counts of the file', async () => {
    const service = serving(aPage({ rows: 5_000, stored: 4_990, failed: 10, cursor: '1' }), aPage({}));
    const verified = await verifyFile(service, ID);
    expect(verified).toMatchObject({ rows: 6_000, stored: 5_990, failed: 10, differing: 0, isExact: true });
    expect(formatReceipt(verified)).toMatchInlineSnapshot(`
"Task file 01948f3c-2c00-7000-8000-000000000001 is exact:
  rows              6000
  tasks             5990
  failures            10"
`);
  });

  it('shows what differs: the numbers, and each named row', async () => {
    const differences = [
      { row: 7, difference: 'NEITHER' as const },
      { row: 9, difference: 'BOTH' as const },
    ];
    const verified = await verifyFile(
      serving(aPage({ rows: 6_000, stored: 5_989, failed: 10, differences, differing: 5 })),
      ID,
    );
    expect(verified.isExact).toBe(false);
    expect(formatReceipt(verified)).toMatchInlineSnapshot(`
"Task file 01948f3c-2c00-7000-8000-000000000001 DIFFERS from what it says of itself:
  rows              6000
  tasks             5989   the file says 5990
  failures            10
  row 7 has neither a task nor a failure
  row 9 has a task and a failure
  and 3 rows more"
`);
  });
});

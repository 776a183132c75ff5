import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryLedger } from '../../../test/kit/memory/index.ts';
import { record } from './record.ts';
import type { BatchOutcome, SegmentKey } from '../model/segment.ts';

const KEY: SegmentKey = { tenant: 'default', runId: 'run', segment: 0 };

const anOutcome = (batch: number, changes: Partial<BatchOutcome> = {}): BatchOutcome => ({
  batch,
  succeeded: 2,
  failed: 0,
  bytes: 10,
  ...changes,
});
const outcomes = (...batches: number[]): BatchOutcome[] => batches.map((batch) => anOutcome(batch));

let ledger: MemoryLedger;
beforeEach(() => {
  ledger = new MemoryLedger();
});

describe('record', () => {
  it('records batches that are not recorded', async () => {
    const { segment, earlier } = await record(ledger, KEY, outcomes(0, 1));
    expect(segment).toMatchObject({ batches: new Set([0, 1]), succeeded: 4, bytes: 20 });
    expect(earlier).toEqual(new Set());
  });

  it('leaves recorded batches as they are, and returns which these are', async () => {
    await record(ledger, KEY, outcomes(0, 1));
    const again = [anOutcome(0, { succeeded: 0, failed: 2 }), anOutcome(1)];
    const { segment, earlier } = await record(ledger, KEY, again);
    expect(segment).toMatchObject({ batches: new Set([0, 1]), succeeded: 4, failed: 0 });
    expect(earlier).toEqual(new Set([0, 1]));
  });

  it('records the others where some are recorded', async () => {
    await record(ledger, KEY, outcomes(1));
    const { segment, earlier } = await record(ledger, KEY, outcomes(0, 1, 2));
    expect(segment).toMatchObject({ batches: new Set([0, 1, 2]), succeeded: 6, bytes: 30 });
    expect(earlier).toEqual(new Set([1]));
  });

  it('records each batch once, however many calls overlap', async () => {
    const results = await Promise.all(
      Array.from({ length: 30 }, (_, first) =>
        record(ledger, KEY, outcomes(first % 7, (first + 1) % 7, (first + 2) % 7)),
      ),
    );
    const [stored] = await ledger.read([KEY]);
    expect(stored).toMatchObject({ batches: new Set([0, 1, 2, 3, 4, 5, 6]), succeeded: 14, bytes: 70 });
    results.forEach(({ segment }, first) => {
      expect([first, (first + 1) % 7, (first + 2) % 7].every((batch) => segment.batches.has(batch % 7))).toBe(true);
    });
  });

  it('records the rest also if another worker records one more before every write', async () => {
    /** Another worker records one more of the batches just before each write. */
    class Contended extends MemoryLedger {
      #next = 0;
      override async record(...[key, wanted]: Parameters<MemoryLedger['record']>) {
        const taken = wanted.find(({ batch }) => batch === this.#next);
        this.#next += 1;
        if (taken && this.#next <= 3) await super.record(key, [taken]);
        return super.record(key, wanted);
      }
    }
    const { segment, earlier } = await record(new Contended(), KEY, outcomes(0, 1, 2, 3));
    expect(earlier).toEqual(new Set([0, 1, 2]));
    expect(segment).toMatchObject({ batches: new Set([0, 1, 2, 3]), succeeded: 8 });
  });

  it('rejects with an error of the ledger', async () => {
    class Down extends MemoryLedger {
      override record(): Promise<never> {
        return Promise.reject(new Error('throttled'));
      }
    }
    await expect(record(new Down(), KEY, outcomes(0))).rejects.toThrow('throttled');
  });
});

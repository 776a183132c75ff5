import { describe, expect, it } from '@jest/globals';
import { toScope } from './scope.ts';

describe('the scope', () => {
  it('grows from quick to standard to full', () => {
    expect(toScope({ quick: true })).toEqual({ name: 'quick', rows: 10_000, runs: 1, sizes: [10_000] });
    expect(toScope({})).toMatchObject({ name: 'standard', rows: 100_000, runs: 3, sizes: [10_000, 100_000] });
    expect(toScope({ full: true })).toMatchObject({ name: 'full', sizes: [10_000, 100_000, 1_000_000] });
  });

  it.each([
    [{ quick: true, rows: 5_000 }, [5_000]],
    [{ rows: 5_000 }, [5_000, 10_000]],
    [{ rows: 10_000 }, [10_000]],
    [{ full: true, rows: 200_000 }, [10_000, 200_000, 1_000_000]],
  ])('with %j has the sizes %j', (requested, sizes) => {
    expect(toScope(requested)).toMatchObject({ rows: requested.rows, sizes });
  });

  it('has as many samples as requested', () => {
    expect(toScope({ full: true, runs: 5 }).runs).toBe(5);
  });
});

import type { Ledger } from '../ports/ledger.ts';
import type { BatchOutcome, SegmentKey, SegmentRecord } from '../model/segment.ts';

export interface Recorded {
  /** The segment as stored afterwards, with every given batch in it. */
  readonly segment: SegmentRecord;
  /** Batches that another delivery, or an earlier attempt of this call, had recorded. Their stored outcomes count. */
  readonly earlier: ReadonlySet<number>;
}

/**
 * Records the outcomes of batches of one segment, each exactly once, also if other workers record them at the same
 * time.
 */
export async function record(ledger: Ledger, key: SegmentKey, outcomes: readonly BatchOutcome[]): Promise<Recorded> {
  const earlier = new Set<number>();
  for (;;) {
    const result = await ledger.record(
      key,
      outcomes.filter(({ batch }) => !earlier.has(batch)),
    );
    if (result.recorded) return { segment: result.segment, earlier };
    for (const { batch } of outcomes) if (result.segment.batches.has(batch)) earlier.add(batch);
    if (earlier.size === outcomes.length) return { segment: result.segment, earlier };
  }
}

import { segmentKey, segmentsBegun, type Job } from '../model/job.ts';
import type { ItemFailure } from '../model/outcome.ts';
import type { Failures, Ledger } from '../ports/ledger.ts';
import type { BatchFailures, SegmentRecord } from '../model/segment.ts';

export interface FailurePorts {
  readonly ledger: Ledger;
  readonly failures: Failures;
}

/** Where the failures of one run go on. */
export interface RunPosition {
  readonly segment: number;
  readonly batch: number;
}

/** What a run came to for one item, and where that lies; without a failure, the item was brought in by a redrive. */
export interface PlacedVerdict {
  readonly place: RunPosition;
  readonly index: number;
  readonly failure?: ItemFailure;
}

/** Ledger records read at once; with them a job's segments without failures are passed over. */
const SEGMENTS_PER_READ = 100;

/**
 * The failed items of one run in order, from a place and an item on; of a redrive, those that it brought in besides.
 * Only what the ledger refers to counts.
 */
export async function* verdictsOfRun(
  ports: FailurePorts,
  job: Job,
  from: RunPosition,
  fromItem: number,
): AsyncGenerator<PlacedVerdict> {
  for await (const segment of segmentsWithFailures(ports.ledger, job, from.segment)) {
    const fromBatch = segment.segment === from.segment ? from.batch : 0;
    for await (const stored of ports.failures.list(segment, fromBatch)) {
      if (segment.failuresReferences.get(stored.batch) !== stored.reference) continue;
      const place = { segment: segment.segment, batch: stored.batch };
      for (const verdict of verdictsOf(stored)) if (verdict.index >= fromItem) yield { place, ...verdict };
    }
  }
}

const verdictsOf = ({ failures, imported = [] }: BatchFailures): readonly Omit<PlacedVerdict, 'place'>[] =>
  [...failures.map((failure) => ({ index: failure.index, failure })), ...imported.map((index) => ({ index }))].toSorted(
    (a, b) => a.index - b.index,
  );

async function* segmentsWithFailures(ledger: Ledger, job: Job, first: number): AsyncGenerator<SegmentRecord> {
  const end = segmentsBegun(job);
  for (let start = first; start < end; start += SEGMENTS_PER_READ) {
    const length = Math.min(SEGMENTS_PER_READ, end - start);
    const segments = await ledger.read(Array.from({ length }, (_, offset) => segmentKey(job, start + offset)));
    yield* segments.filter(({ failuresReferences }) => failuresReferences.size > 0);
  }
}

import { segmentKey, segmentsBegun, type Job } from '../model/job.ts';
import type { ItemFailure } from '../model/outcome.ts';
import type { Failures, Ledger } from '../ports/ledger.ts';
import type { BatchFailures, SegmentRecord } from '../model/segment.ts';

export interface FailurePorts {
  readonly ledger: Ledger;
  readonly failures: Failures;
}

/** A position among the failures of one run. */
export interface RunPosition {
  readonly segment: number;
  readonly batch: number;
}

/** The outcome of one item in a run, with its position. Without a failure, a redrive has imported the item. */
export interface PositionedVerdict {
  readonly position: RunPosition;
  readonly index: number;
  readonly failure?: ItemFailure;
}

/** Ledger records read at once, to pass over segments without failures. */
const SEGMENTS_PER_READ = 100;

/**
 * Lists the failed items of one run in order, from a position and an item on. For a redrive it also lists the items
 * that it imported. Only failures that the ledger refers to count.
 */
export async function* verdictsOfRun(
  ports: FailurePorts,
  job: Job,
  from: RunPosition,
  fromItem: number,
): AsyncGenerator<PositionedVerdict> {
  for await (const segment of segmentsWithFailures(ports.ledger, job, from.segment)) {
    const fromBatch = segment.segment === from.segment ? from.batch : 0;
    for await (const stored of ports.failures.list(segment, fromBatch)) {
      if (segment.failuresReferences.get(stored.batch) !== stored.reference) continue;
      const position = { segment: segment.segment, batch: stored.batch };
      for (const verdict of verdictsOf(stored)) if (verdict.index >= fromItem) yield { position, ...verdict };
    }
  }
}

const verdictsOf = ({ failures, imported = [] }: BatchFailures): readonly Omit<PositionedVerdict, 'position'>[] =>
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

import { segmentKey, segmentsBegun, type Job } from './job.ts';
import type { ItemFailure } from './outcome.ts';
import type { Failures, Ledger } from './ports/ledger.ts';
import type { SegmentRecord } from './segment.ts';

/** Where a page of failures ended: the first item not looked at, and where it lies. */
export interface FailurePlace {
  readonly segment: number;
  readonly batch: number;
  readonly item: number;
}

export interface FailurePage {
  readonly failures: readonly ItemFailure[];
  /** Absent: there are no more. */
  readonly next?: FailurePlace;
}

/** Ledger records read at once; with them a job's segments without failures are passed over. */
const SEGMENTS_PER_READ = 100;

/** The failed items of a job in order, at most `limit` from a place on. Only failures that the ledger refers to count. */
export async function readFailures(
  ports: { readonly ledger: Ledger; readonly failures: Failures },
  job: Job,
  from: FailurePlace,
  limit: number,
): Promise<FailurePage> {
  const failures: ItemFailure[] = [];
  for await (const { place, failure } of failuresFrom(ports, job, from)) {
    if (failures.length === limit) return { failures, next: place };
    failures.push(failure);
  }
  return { failures };
}

/** The failed items of a job from a place on, up to an item; `next` is the place of the first one after it. */
export async function readFailuresUpTo(
  ports: { readonly ledger: Ledger; readonly failures: Failures },
  job: Job,
  from: FailurePlace,
  endItem: number,
): Promise<FailurePage> {
  const failures: ItemFailure[] = [];
  for await (const { place, failure } of failuresFrom(ports, job, from)) {
    if (failure.index >= endItem) return { failures, next: place };
    failures.push(failure);
  }
  return { failures };
}

async function* failuresFrom(
  ports: { readonly ledger: Ledger; readonly failures: Failures },
  job: Job,
  from: FailurePlace,
): AsyncGenerator<{ readonly place: FailurePlace; readonly failure: ItemFailure }> {
  for await (const segment of segmentsWithFailures(ports.ledger, job, from.segment)) {
    for await (const { batch, reference, failures } of ports.failures.list(segment, from.batch)) {
      if (segment.failuresReferences.get(batch) !== reference) continue;
      for (const failure of failures) {
        if (failure.index >= from.item) {
          yield { place: { segment: segment.segment, batch, item: failure.index }, failure };
        }
      }
    }
  }
}

async function* segmentsWithFailures(ledger: Ledger, job: Job, first: number): AsyncGenerator<SegmentRecord> {
  const end = segmentsBegun(job);
  for (let start = first; start < end; start += SEGMENTS_PER_READ) {
    const length = Math.min(SEGMENTS_PER_READ, end - start);
    const segments = await ledger.read(Array.from({ length }, (_, offset) => segmentKey(job, start + offset)));
    yield* segments.filter(({ failed }) => failed > 0);
  }
}

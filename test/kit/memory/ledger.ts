import {
  emptySegment,
  type BatchFailures,
  type BatchOutcome,
  type Clock,
  type Failures,
  type Ledger,
  type RecordResult,
  type SegmentKey,
  type SegmentRecord,
} from '../../../src/engine/index.ts';

const keyOf = ({ tenant, runId, segment }: SegmentKey): string => `${tenant}/${runId}/${segment}`;

/** Ledger and failures in memory. */
export class MemoryLedger implements Ledger, Failures {
  readonly #segments = new Map<string, SegmentRecord>();
  readonly #clock: Clock;
  readonly #failures = new Map<string, Map<string, BatchFailures>>();

  constructor(clock: Clock = { now: () => 0 }) {
    this.#clock = clock;
  }

  async record(key: SegmentKey, outcomes: readonly BatchOutcome[]): Promise<RecordResult> {
    const before = this.segment(key);
    if (outcomes.some(({ batch }) => before.batches.has(batch))) return { recorded: false, segment: before };
    const segment = { ...outcomes.reduce(withOutcome, before), changedAt: this.#clock.now() };
    this.#segments.set(keyOf(key), segment);
    return { recorded: true, segment };
  }

  async read(keys: readonly SegmentKey[]): Promise<readonly SegmentRecord[]> {
    return keys.map((key) => this.segment(key));
  }

  async keep(key: SegmentKey, failures: BatchFailures): Promise<void> {
    const ofSegment = this.#failures.get(keyOf(key)) ?? new Map<string, BatchFailures>();
    ofSegment.set(`${failures.batch}/${failures.reference}`, structuredClone(failures));
    this.#failures.set(keyOf(key), ofSegment);
  }

  async *list(key: SegmentKey, fromBatch: number): AsyncGenerator<BatchFailures> {
    const ofSegment = [...(this.#failures.get(keyOf(key))?.values() ?? [])];
    yield* ofSegment.filter(({ batch }) => batch >= fromBatch).toSorted((a, b) => a.batch - b.batch);
  }

  /** Reads as {@link read} does, but at once, for a test that watches. */
  segment(key: SegmentKey): SegmentRecord {
    return (
      this.#segments.get(keyOf(key)) ?? emptySegment({ tenant: key.tenant, runId: key.runId, segment: key.segment })
    );
  }
}

function withOutcome(
  segment: SegmentRecord,
  { batch, succeeded, failed, bytes, failuresReference }: BatchOutcome,
): SegmentRecord {
  return {
    ...segment,
    batches: new Set(segment.batches).add(batch),
    succeeded: segment.succeeded + succeeded,
    failed: segment.failed + failed,
    bytes: segment.bytes + bytes,
    failuresReferences: new Map([
      ...segment.failuresReferences,
      ...(failuresReference === undefined ? [] : ([[batch, failuresReference]] as const)),
    ]),
  };
}

import type { SegmentKey } from '../model/segment.ts';

/**
 * What is tried alone: an item of the batch, by its index, or reading the source on from the batch, by the attempt of
 * the job.
 */
export type Tried = number | `split${number}`;

/**
 * The store of tries. A try of what may kill its worker is noted before it begins, and taken back when it ends, with a
 * success or an error. A try that remains means that its worker died. All reads are consistent.
 */
export interface Tries {
  /** Notes that a try begins at this instant. It may reject soon; then the worker tries later. */
  begin(key: SegmentKey, batch: number, tried: Tried, at: number): Promise<void>;
  /** Takes back all tries of this, also those of other workers: what one worker survives does not kill them all. */
  end(key: SegmentKey, batch: number, tried: Tried): Promise<void>;
  /** Reads when the tries began that are not taken back, by what was tried. */
  readOpen(key: SegmentKey, batch: number): Promise<ReadonlyMap<Tried, readonly number[]>>;
}

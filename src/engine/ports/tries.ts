import type { SegmentKey } from '../model/segment.ts';

/**
 * What is tried alone: an item of the batch, by its index; or to read the source on from the batch, by the attempt of
 * its job.
 */
export type Tried = number | `split${number}`;

/**
 * Tries of what may kill its worker, each noted before it begins and taken back once it is answered, by a success or by
 * an error. A try that stays cost its worker: no worker lived to tell how it ended. All reads are consistent.
 */
export interface Tries {
  /** Notes that a try begins at this instant. May give up soon: whoever tries is told, and tries later. */
  begin(key: SegmentKey, batch: number, tried: Tried, at: number): Promise<void>;
  /** Takes back every try of it, also those of other workers: what lets one worker live does not kill them all. */
  end(key: SegmentKey, batch: number, tried: Tried): Promise<void>;
  /** When the tries began that are not taken back, by what was tried; what has none is not in it. */
  readOpen(key: SegmentKey, batch: number): Promise<ReadonlyMap<Tried, readonly number[]>>;
}

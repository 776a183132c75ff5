import type { SegmentKey } from '../segment.ts';

/**
 * Tries of single items, each noted before it begins and taken back once it is answered, by a success or by an error. A try
 * that stays cost its worker: no worker lived to tell how it ended. All reads are consistent.
 */
export interface Tries {
  /** Notes that a try of an item begins at this instant. */
  begin(key: SegmentKey, batch: number, index: number, at: number): Promise<void>;
  /** Takes back every try of the item, also those of other workers: an item that lets one worker live does not kill them all. */
  answer(key: SegmentKey, batch: number, index: number): Promise<void>;
  /** When the tries began that are not taken back, by item; an item without one is not in it. */
  unanswered(key: SegmentKey, batch: number): Promise<ReadonlyMap<number, readonly number[]>>;
}

import type { PinnedSource } from '../job.ts';

/** Bytes of stored objects. */
export interface Sources {
  /**
   * The bytes of exactly this version, from an offset to the end, in pieces of bounded size.
   * @throws SourceError SOURCE_CHANGED if the version is not the stored one any more, SOURCE_MISSING if nothing is stored.
   */
  open(source: PinnedSource, fromByte: number): AsyncIterable<Uint8Array>;
}

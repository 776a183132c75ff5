import type { PinnedSource } from '../job.ts';
import type { ReceivedObject } from '../receive.ts';

/** Bytes of stored objects. */
export interface Sources {
  /**
   * The bytes of exactly this version, from an offset to the end, in pieces of bounded size.
   * @throws SourceError SOURCE_CHANGED if the version is not the stored one any more, SOURCE_MISSING if nothing is stored.
   */
  open(source: PinnedSource, fromByte: number): AsyncIterable<Uint8Array>;
}

/** Lists of items to redrive, each stored once under a name that nothing else has, and never changed. */
export interface Manifests {
  store(name: string, bytes: Uint8Array): Promise<PinnedSource>;
}

/** What is stored, as the store itself lists it. */
export interface ObjectListing {
  /** The version stored under a key. */
  find(key: string): Promise<ReceivedObject | undefined>;
  /** Some of the objects under a prefix: each call goes on where the one before ended, round and round. */
  nextPage(prefix: string): Promise<readonly ReceivedObject[]>;
}

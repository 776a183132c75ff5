import type { PinnedSource } from '../model/job.ts';

/** One version of an object, as the store tells of it. */
export interface ReceivedObject {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  readonly bytes: number;
}

/** Bytes of stored objects. */
export interface Sources {
  /**
   * The bytes of exactly this version, from an offset to the end, in pieces of bounded size.
   * @throws SourceError SOURCE_CHANGED if the version is not the stored one any more, SOURCE_MISSING if nothing is
   * stored.
   */
  open(source: PinnedSource, fromByte: number): AsyncIterable<Uint8Array>;
}

/** Lists of items to redrive, each stored once under a name that nothing else has, and never changed. */
export interface Manifests {
  store(name: string, bytes: Uint8Array): Promise<PinnedSource>;
}

/** Some of the objects that are stored under a prefix. */
export interface ObjectPage {
  readonly objects: readonly ReceivedObject[];
  /** The key behind which it begins; absent: at the first object. */
  readonly from?: string;
  /** The key behind which the next page begins; absent: the listing begins again. */
  readonly after?: string;
  /** How often it was kept. */
  readonly tries: number;
}

/** What is stored, as the store itself lists it, round and round. */
export interface ObjectListing {
  /** The version stored under a key. */
  find(key: string): Promise<ReceivedObject | undefined>;
  /** The page behind the one that was turned last. It stays the same page until it is turned. */
  page(prefix: string): Promise<ObjectPage>;
  /** Notes that every object of a page was looked at. */
  turn(page: ObjectPage): Promise<void>;
  /** Notes that a page is to be looked at again. */
  keep(page: ObjectPage): Promise<void>;
}

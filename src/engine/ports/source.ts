import type { PinnedSource } from '../model/job.ts';

/** One version of an object, as the store reports it. */
export interface ReceivedObject {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  readonly bytes: number;
}

/** Reads stored objects. */
export interface Sources {
  /**
   * Reads exactly this version, from an offset to the end, in pieces of limited size.
   * @throws SourceError SOURCE_CHANGED if the version is not the stored one any more, SOURCE_MISSING if nothing is
   * stored.
   */
  open(source: PinnedSource, fromByte: number): AsyncIterable<Uint8Array>;
}

/** Stores manifests, each once under a unique name. A manifest never changes. */
export interface Manifests {
  store(name: string, bytes: Uint8Array): Promise<PinnedSource>;
}

/** A page of the objects under a prefix. */
export interface ObjectPage {
  readonly objects: readonly ReceivedObject[];
  /** The key after which the page begins; absent: it begins at the first object. */
  readonly from?: string;
  /** The key after which the next page begins; absent: the listing begins again. */
  readonly after?: string;
  /** How many times the page was kept. */
  readonly tries: number;
}

/** Lists the stored objects page by page, and begins again after the last page. */
export interface ObjectListing {
  /** Finds the version that is stored under a key. */
  find(key: string): Promise<ReceivedObject | undefined>;
  /** Reads the page after the one that was turned last. It stays the same page until it is turned. */
  page(prefix: string): Promise<ObjectPage>;
  /** Notes that every object of a page has been checked, so that the next page follows. */
  turn(page: ObjectPage): Promise<void>;
  /** Notes that a page must be checked again. */
  keep(page: ObjectPage): Promise<void>;
}

/** An object that is stored, as a listing tells of it. */
export interface StoredObject {
  readonly key: string;
  /** In quotes. */
  readonly etag: string;
  readonly contentLength: number;
  readonly lastModified: Date;
}

/** A part that is stored, as S3 tells of it. */
export interface StoredPart {
  readonly partNumber: number;
  /** In quotes. */
  readonly etag: string;
  readonly body: Buffer;
  /** Known if the body lies on the disk, where it would have to be read for its length. */
  readonly size?: number;
  readonly lastModified: Date;
}

/** An upload in parts that is under way. */
export interface MultipartUpload {
  readonly uploadId: string;
  readonly bucket: string;
  readonly key: string;
  readonly initiated: Date;
  readonly parts: ReadonlyMap<number, StoredPart>;
}

export interface ListOptions {
  readonly prefix: string;
  readonly delimiter: string | undefined;
  readonly maxKeys: number;
  /** Only what comes after it. */
  readonly startAfter: string;
}

/** What fauxqs keeps of S3, as far as the gate looks into it. */
export interface ObjectStore {
  readonly buckets: ReadonlyMap<string, ReadonlyMap<string, StoredObject>>;
  readonly multipartUploads: ReadonlyMap<string, MultipartUpload>;
  deleteObject(bucket: string, key: string): void;
  listObjects(
    bucket: string,
    options: ListOptions,
  ): {
    readonly objects: readonly StoredObject[];
    readonly commonPrefixes: readonly string[];
    readonly isTruncated: boolean;
  };
}

/**
 * The store of fauxqs, which it keeps to itself: it tells here which it is when it makes or loads a bucket. Undefined
 * as long as there is no bucket. To be called before fauxqs starts.
 */
export async function watchObjectStore(): Promise<() => ObjectStore | undefined> {
  const { S3Store } = (await import(new URL('s3/s3Store.js', import.meta.resolve('fauxqs')).href)) as {
    S3Store: { readonly prototype: { createBucket: (this: ObjectStore, ...bucket: unknown[]) => void } };
  };
  let store: ObjectStore | undefined;
  const { prototype } = S3Store;
  const { createBucket: create } = prototype;
  prototype.createBucket = function createBucket(this: ObjectStore, ...bucket) {
    // oxlint-disable-next-line typescript/no-this-alias -- the store is what is looked for
    store = this;
    create.apply(this, bucket);
  };
  return () => store;
}

/** A stored object, as a listing shows it. */
export interface StoredObject {
  readonly key: string;
  /** The ETag in quotes. */
  readonly etag: string;
  readonly contentLength: number;
  readonly lastModified: Date;
}

/** A stored part, as S3 lists it. */
export interface StoredPart {
  readonly partNumber: number;
  /** The ETag in quotes. */
  readonly etag: string;
  readonly body: Buffer;
  /** The size of the body, if the body is on the disk and would have to be read. */
  readonly size?: number;
  readonly lastModified: Date;
}

/** A multipart upload in progress. */
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
  /** Lists only what follows it. */
  readonly startAfter: string;
}

/** The store of fauxqs, as far as the gate uses it. */
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
 * Finds the store of fauxqs, which fauxqs does not export: the store appears when it creates or loads a bucket. The
 * result returns undefined as long as there is no bucket. Must be called before fauxqs starts.
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

/** A part that is stored, as S3 tells of it. */
export interface StoredPart {
  readonly partNumber: number;
  /** In quotes. */
  readonly etag: string;
  readonly body: { readonly length: number };
  /** Known if the body lies on the disk, where it would have to be read for its length. */
  readonly size?: number;
  readonly lastModified: Date;
}

/** An upload in parts that is under way. */
export interface MultipartUpload {
  readonly uploadId: string;
  readonly bucket: string;
  readonly key: string;
  readonly parts: ReadonlyMap<number, StoredPart>;
}

/** The part of fauxqs' store of objects that keeps uploads in parts. */
interface Store {
  readonly multipartUploads: ReadonlyMap<string, MultipartUpload>;
  createMultipartUpload: (this: Store, ...upload: unknown[]) => string;
  restoreMultipartUpload: (this: Store, upload: MultipartUpload) => void;
}

/**
 * Uploads in parts, by id. fauxqs can't list the parts of one and keeps its store to itself, so the two methods by which it
 * comes to know of an upload tell here which store that is. To be called before fauxqs starts.
 */
export async function watchMultipartUploads(): Promise<(uploadId: string) => MultipartUpload | undefined> {
  const { S3Store } = (await import(new URL('s3/s3Store.js', import.meta.resolve('fauxqs')).href)) as {
    S3Store: { readonly prototype: Store };
  };
  let uploads: Store['multipartUploads'] = new Map();
  const { prototype } = S3Store;
  const { createMultipartUpload: create, restoreMultipartUpload: restore } = prototype;
  prototype.createMultipartUpload = function createMultipartUpload(this: Store, ...upload) {
    uploads = this.multipartUploads;
    return create.apply(this, upload);
  };
  prototype.restoreMultipartUpload = function restoreMultipartUpload(this: Store, upload) {
    uploads = this.multipartUploads;
    restore.call(this, upload);
  };
  return (uploadId) => uploads.get(uploadId);
}

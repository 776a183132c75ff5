/** Stores uploaded files. A stored object starts its job by itself. */
export interface Uploads {
  put(key: string, bytes: Uint8Array): Promise<void>;
}

export interface UploadedPart {
  /** The number of the part, from 1. */
  readonly number: number;
  readonly etag: string;
  readonly bytes: number;
}

/**
 * Signs URLs by which callers put files into the same store themselves. A URL takes exactly as many bytes as it was
 * signed for, and works for an hour from `at`.
 */
export interface PresignedUploads {
  linkTo(key: string, bytes: number, at: number): Promise<string>;
  /** Begins an object in parts. Each has at least 5 MiB, except the last. Resolves to the id of the upload. */
  begin(key: string): Promise<string>;
  linkToPart(key: string, uploadId: string, part: Omit<UploadedPart, 'etag'>, at: number): Promise<string>;
  /** Lists the parts that have arrived, at most 1,000, by number. Undefined if the upload is over, complete or not. */
  listParts(key: string, uploadId: string): Promise<readonly UploadedPart[] | undefined>;
  /** Assembles the object from these parts. Does nothing if the upload is over. */
  complete(key: string, uploadId: string, parts: readonly UploadedPart[]): Promise<void>;
  isStored(key: string): Promise<boolean>;
}

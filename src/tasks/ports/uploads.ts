/** Where uploaded files are stored. A stored object starts its job by itself. */
export interface Uploads {
  put(key: string, bytes: Uint8Array): Promise<void>;
}

export interface UploadedPart {
  /** From 1. */
  readonly number: number;
  readonly etag: string;
  readonly bytes: number;
}

/**
 * The same store for files that their owners put there themselves, by links that take exactly as many bytes as they
 * were made for, for an hour from `at` on.
 */
export interface PresignedUploads {
  linkTo(key: string, bytes: number, at: number): Promise<string>;
  /** Begins an object in parts of at least 5 MiB each but the last; resolves to the id of the upload. */
  begin(key: string): Promise<string>;
  linkToPart(key: string, uploadId: string, part: Omit<UploadedPart, 'etag'>, at: number): Promise<string>;
  /** The parts that have come, at most 1,000, by number; undefined if the upload is over, completed or not. */
  listParts(key: string, uploadId: string): Promise<readonly UploadedPart[] | undefined>;
  /** Makes the object of these parts; without effect if the upload is over. */
  complete(key: string, uploadId: string, parts: readonly UploadedPart[]): Promise<void>;
  isStored(key: string): Promise<boolean>;
}

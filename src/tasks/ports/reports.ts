/** The store's receipt for a part, which it needs again to complete the object. */
export interface StoredPart {
  readonly etag: string;
  /** The checksum, in base64. */
  readonly crc32: string;
}

/** A stored part of an object that is written piece by piece. */
export interface ReportPart extends StoredPart {
  readonly bytes: number;
  /** The digest, in hexadecimal digits. */
  readonly sha256: string;
}

/** How a caller's client presents and saves an object. */
export interface ReportForm {
  readonly contentType: string;
  /** The name under which the client saves the object. */
  readonly fileName: string;
}

/** Writes the report objects of files. A new object replaces the one under its key. */
export interface Reports {
  put(key: string, bytes: Uint8Array, form: ReportForm): Promise<void>;
  /** Begins an object in parts. Each has at least 5 MiB, except the last. Resolves to the id of the upload. */
  begin(key: string, form: ReportForm): Promise<string>;
  /** Stores a part. Numbers begin with 1. */
  putPart(key: string, uploadId: string, number: number, bytes: Uint8Array): Promise<StoredPart>;
  complete(key: string, uploadId: string, parts: readonly ReportPart[]): Promise<void>;
}

/** A presigned URL of an object. It works without a signature until it expires. */
export interface ReportLink {
  readonly url: string;
  /** The size of the object. */
  readonly bytes: number;
}

/** Signs URLs that work for `REPORT_LINK_SECONDS` from the whole second of `at`. */
export interface ReportLinks {
  /** Resolves to undefined if no object is stored under the key. */
  linkTo(key: string, at: number): Promise<ReportLink | undefined>;
}

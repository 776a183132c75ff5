/** What the store says of a part that it has taken; it wants to be told it again when the object is complete. */
export interface StoredPart {
  readonly etag: string;
  /** In base64. */
  readonly crc32: string;
}

/** A stored part of an object that is written piece by piece. */
export interface ReportPart extends StoredPart {
  readonly bytes: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

/** What a person sees of an object. */
export interface ReportForm {
  readonly contentType: string;
  /** The name under which it is saved. */
  readonly fileName: string;
}

/** The report objects of files. Whatever is stored under a key is replaced. */
export interface Reports {
  put(key: string, bytes: Uint8Array, form: ReportForm): Promise<void>;
  /** Begins an object in parts of at least 5 MiB each but the last; resolves to the id of the upload. */
  begin(key: string, form: ReportForm): Promise<string>;
  /** Numbers count from 1. */
  putPart(key: string, uploadId: string, number: number, bytes: Uint8Array): Promise<StoredPart>;
  complete(key: string, uploadId: string, parts: readonly ReportPart[]): Promise<void>;
}

/** Gives an object to whoever has the URL, until the link expires. */
export interface ReportLink {
  readonly url: string;
  /** Of the object. */
  readonly bytes: number;
}

/** Where a person gets an object, for `REPORT_LINK_SECONDS` from the whole second of `at`. */
export interface ReportLinks {
  /** Undefined if nothing is stored under the key. */
  linkTo(key: string, at: number): Promise<ReportLink | undefined>;
}

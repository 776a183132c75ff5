/** A stored part of an object that is written piece by piece. */
export interface ReportPart {
  readonly etag: string;
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
  /** Numbers count from 1. Resolves to the part's ETag. */
  putPart(key: string, uploadId: string, number: number, bytes: Uint8Array): Promise<string>;
  complete(key: string, uploadId: string, parts: readonly ReportPart[]): Promise<void>;
}

/** Where a person gets an object, for a few minutes. */
export interface ReportLinks {
  linkTo(key: string): Promise<string>;
}

import { toSafePath } from './safe-path.ts';

/**
 * The class of fauxqs that keeps objects in files: for each object its bytes (`.data`) and its description
 * (`.meta.json`).
 */
export interface ObjectFiles {
  readonly baseDir: string;
  readonly bucketsDir: string;
  readonly multipartDir: string;
  upsertObject: (this: ObjectFiles, bucket: string, object: { readonly key: string }) => void;
  readBody: (this: ObjectFiles, bucket: string, key: string) => unknown;
  deleteObject: (this: ObjectFiles, bucket: string, key: string) => void;
  upsertMultipartPart: (this: ObjectFiles, uploadId: string, part: Part) => void;
  loadMultipartUploads: (this: ObjectFiles, uploads: Uploads) => void;
}

/** The multipart uploads in progress. */
export interface Uploads {
  readonly multipartUploads: ReadonlyMap<string, { readonly parts: ReadonlyMap<number, Part> }>;
}

/** A part of an upload as fauxqs keeps it. */
export interface Part {
  readonly partNumber: number;
  readonly body: Buffer;
}

/** Imports the class, which fauxqs does not export. */
export async function importObjectFiles(): Promise<{ readonly prototype: ObjectFiles }> {
  const url = new URL('s3/fileS3Persistence.js', import.meta.resolve('fauxqs'));
  return ((await import(url.href)) as { FileS3Persistence: { readonly prototype: ObjectFiles } }).FileS3Persistence;
}

/** Returns the path of an object's bytes below the folder of its bucket. */
export const toBytesFile = (key: string): string => `objects/${toSafePath(key)}.data`;

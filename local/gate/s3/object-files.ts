import { placeOf } from './object-place.ts';

/**
 * The part of fauxqs that keeps objects in files: of each one its bytes (`.data`) and its description (`.meta.json`).
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

/** The uploads in parts that are under way. */
export interface Uploads {
  readonly multipartUploads: ReadonlyMap<string, { readonly parts: ReadonlyMap<number, Part> }>;
}

/** A part of an upload as fauxqs keeps it. */
export interface Part {
  readonly partNumber: number;
  readonly body: Buffer;
}

/** Its class; fauxqs keeps it to itself. */
export async function importObjectFiles(): Promise<{ readonly prototype: ObjectFiles }> {
  const url = new URL('s3/fileS3Persistence.js', import.meta.resolve('fauxqs'));
  return ((await import(url.href)) as { FileS3Persistence: { readonly prototype: ObjectFiles } }).FileS3Persistence;
}

/** Where the bytes of an object are, below the folder of its bucket. */
export const bytesFile = (key: string): string => `objects/${placeOf(key)}.data`;

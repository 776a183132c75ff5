import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { FauxqsApp } from '../call/fauxqs-call.ts';
import { bytesFile, importObjectFiles, type ObjectFiles, type Part } from './object-files.ts';

type Route = Parameters<FauxqsApp['route']>[0];

/** True while a request for a range of an object is served; fauxqs serves each one without a pause. */
let servesRange = false;

/**
 * Leaves bytes on the disk until somebody asks for them. fauxqs reads a whole object for every range of it, and keeps
 * the parts of uploads in memory: a large file would take the square of its size to split, and its size to upload.
 */
export async function leaveBytesOnDisk(): Promise<void> {
  const { prototype } = await importObjectFiles();
  const { readBody: readWhole, upsertMultipartPart: writePart, loadMultipartUploads: load } = prototype;
  prototype.readBody = function readBody(this: ObjectFiles, bucket, key) {
    if (!servesRange) return readWhole.call(this, bucket, key);
    return new BytesOnDisk(join(this.bucketsDir, bucket, bytesFile(key)));
  };
  prototype.upsertMultipartPart = function upsertMultipartPart(this: ObjectFiles, uploadId, part) {
    writePart.call(this, uploadId, part);
    leavePart(part, this.multipartDir, uploadId);
  };
  prototype.loadMultipartUploads = function loadMultipartUploads(this: ObjectFiles, uploads) {
    load.call(this, uploads);
    for (const [uploadId, { parts }] of uploads.multipartUploads)
      for (const part of parts.values()) leavePart(part, this.multipartDir, uploadId);
  };
}

/** Tells a request for a range from others. */
export function readRanges(route: Route): void {
  const { handler } = route;
  route.handler = function readRange(request, reply) {
    servesRange = request.method === 'GET' && request.headers.range !== undefined;
    try {
      return handler.call(this, request, reply);
    } finally {
      servesRange = false;
    }
  };
}

function leavePart(part: Part, folder: string, uploadId: string): void {
  const file = join(folder, uploadId, 'parts', `${part.partNumber}.data`);
  Object.defineProperties(part, {
    size: { value: part.body.length, enumerable: true },
    body: { get: () => readFileSync(file), enumerable: true },
  });
}

/** What fauxqs wants of the body of an object of which it answers a range. */
class BytesOnDisk {
  readonly #file: string;
  readonly length: number;

  constructor(file: string) {
    this.#file = file;
    this.length = withFile(file, (descriptor) => fstatSync(descriptor).size);
  }

  subarray(begin: number, end: number): Buffer {
    return withFile(this.#file, (descriptor) => {
      const bytes = Buffer.alloc(end - begin);
      return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, begin));
    });
  }
}

function withFile<T>(file: string, use: (descriptor: number) => T): T {
  const descriptor = openSync(file, 'r');
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

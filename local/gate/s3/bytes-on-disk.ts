import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { FauxqsApp } from '../call/fauxqs-call.ts';
import { toBytesFile, importObjectFiles, type ObjectFiles, type Part } from './object-files.ts';

type Route = Parameters<FauxqsApp['route']>[0];

/** True while a request for a range of an object is served. fauxqs serves each one synchronously. */
let servesRange = false;

/**
 * Leaves bytes on the disk until a request needs them. fauxqs reads the whole object for every range of it, and keeps
 * the parts of uploads in memory. The time to split a large file would grow with the square of its size, and an upload
 * would need its size in memory.
 */
export async function leaveBytesOnDisk(): Promise<void> {
  const { prototype } = await importObjectFiles();
  const { readBody: readWhole, upsertMultipartPart: writePart, loadMultipartUploads: load } = prototype;
  prototype.readBody = function readBody(this: ObjectFiles, bucket, key) {
    if (!servesRange) return readWhole.call(this, bucket, key);
    return new BytesOnDisk(join(this.bucketsDir, bucket, toBytesFile(key)));
  };
  prototype.upsertMultipartPart = function upsertMultipartPart(this: ObjectFiles, uploadId, part) {
    writePart.call(this, uploadId, part);
    leavePartOnDisk(part, this.multipartDir, uploadId);
  };
  prototype.loadMultipartUploads = function loadMultipartUploads(this: ObjectFiles, uploads) {
    load.call(this, uploads);
    for (const [uploadId, { parts }] of uploads.multipartUploads)
      for (const part of parts.values()) leavePartOnDisk(part, this.multipartDir, uploadId);
  };
}

/** Marks requests for a range. */
export function markRangeRequests(route: Route): void {
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

function leavePartOnDisk(part: Part, folder: string, uploadId: string): void {
  const file = join(folder, uploadId, 'parts', `${part.partNumber}.data`);
  Object.defineProperties(part, {
    size: { value: part.body.length, enumerable: true },
    body: { get: () => readFileSync(file), enumerable: true },
  });
}

/** The part of a Buffer that fauxqs uses for an object of which it returns a range. */
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

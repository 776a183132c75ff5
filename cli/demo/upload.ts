import { openAsBlob } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { uploadFile, type Client } from '../../client/index.ts';
import { UPLOAD_BODY_MAX_BYTES, type ReadOptions, type TaskFile } from '../../src/contract/index.ts';
import type { SourceFile } from './source-file.ts';

export interface UploadDemands {
  readonly reading: ReadOptions;
  readonly signal: AbortSignal;
  /** Called after each part with the number of bytes that have arrived. */
  readonly onSent: (bytes: number) => void;
}

/** Uploads the file: a small one in the request itself, a large one by presigned URLs, which take any size. */
export async function upload(
  client: Client,
  { path, name, size }: SourceFile,
  { reading, signal, onSent }: UploadDemands,
): Promise<TaskFile> {
  if (size > UPLOAD_BODY_MAX_BYTES) {
    const options = { ...reading, fileName: name, signal, fetch: countSentBytes(onSent) };
    return uploadFile(client, await openAsBlob(path), options);
  }
  // The file may have any encoding. The gateway would read a body of `text/csv` as UTF-8.
  const contentType = 'application/octet-stream';
  const body = new Uint8Array(await readFile(path));
  return client.uploadTasks({ query: { fileName: name, ...reading }, body, contentType, signal });
}

function countSentBytes(onSent: (bytes: number) => void): typeof fetch {
  let sent = 0;
  return async (input, init) => {
    const response = await fetch(input, init);
    if (response.ok && init?.body instanceof Blob) onSent((sent += init.body.size));
    return response;
  };
}

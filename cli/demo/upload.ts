import { openAsBlob } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { uploadFile, type Client } from '../../client/index.ts';
import { UPLOAD_BODY_MAX_BYTES, type TaskFile } from '../../src/contract/index.ts';
import type { SourceFile } from './source-file.ts';

/** Hands the file to the service: small ones in the request itself, large ones by presigned URLs, which take any size. */
export async function upload(client: Client, { path, name, size }: SourceFile, signal: AbortSignal): Promise<TaskFile> {
  if (size > UPLOAD_BODY_MAX_BYTES) return uploadFile(client, await openAsBlob(path), { fileName: name, signal });
  return client.uploadTasks({ query: { fileName: name }, body: new Uint8Array(await readFile(path)), signal });
}

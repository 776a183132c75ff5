import { openAsBlob } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { Client } from '../../client/index.ts';
import { UPLOAD_BODY_MAX_BYTES, UPLOADS_PREFIX, type TaskFile } from '../../src/contract/index.ts';
import type { SourceFile } from './source-file.ts';
import type { Stack } from './stack.ts';

const POLL_MS = 200;
const APPEARS_LIMIT_MS = 60_000;

/** Hands the file to the service: small ones to its API, large ones straight to the bucket, which takes any size. */
export const upload = (client: Client, stack: Stack, file: SourceFile, signal: AbortSignal): Promise<TaskFile> =>
  file.size <= UPLOAD_BODY_MAX_BYTES ? uploadToApi(client, file, signal) : uploadToBucket(client, stack, file, signal);

const uploadToApi = async (client: Client, file: SourceFile, signal: AbortSignal): Promise<TaskFile> =>
  client.uploadTasks({ query: { fileName: file.name }, body: new Uint8Array(await readFile(file.path)), signal });

async function uploadToBucket(client: Client, stack: Stack, file: SourceFile, signal: AbortSignal): Promise<TaskFile> {
  const url = `${await stack.uploadsUrl()}/${UPLOADS_PREFIX}${encodeURIComponent(file.name)}`;
  // A blob of a file is read while it is sent, and its length is known beforehand, as S3 demands.
  const response = await fetch(url, { method: 'PUT', body: await openAsBlob(file.path), signal });
  if (!response.ok) throw new Error(`PUT ${url} answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
  return appearing(client, file, signal);
}

/** The bucket's event makes the task file; until then nobody knows its id. On a stack of its own there is no other. */
async function appearing(client: Client, file: SourceFile, signal: AbortSignal): Promise<TaskFile> {
  for (const deadline = Date.now() + APPEARS_LIMIT_MS; Date.now() < deadline;) {
    const { items } = await client.listTaskFiles({ query: { limit: 100 }, signal });
    const found = items.find(({ fileName }) => fileName === file.name);
    if (found) return found;
    await setTimeout(POLL_MS, undefined, { signal });
  }
  throw new Error(
    `The upload of ${file.name} reached the bucket, but no task file appeared in ${APPEARS_LIMIT_MS / 1_000} s.`,
  );
}

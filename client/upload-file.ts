import {
  PART_LINKS_MAX,
  type PartLink,
  type ReadOptions,
  type TaskFile,
  type UploadResponse,
} from '../src/contract/index.ts';
import type { Client } from './client.ts';
import { UploadRefusedError } from './errors.ts';

/** Hides the wait for S3's response after each part. More parts at once would only share the same line. */
const PARTS_IN_FLIGHT = 4;

/** A part can be put again after its connection broke, because it is the same part. */
const TRIES = 3;

export interface UploadOptions extends ReadOptions {
  readonly fileName: string;
  readonly toleratedFailurePercentage?: number;
  readonly toleratedFailureCount?: number;
  /** With a key, a repeated upload continues with the same task file. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
  /** Puts the content to presigned URLs, which need no other signature. */
  readonly fetch?: typeof fetch;
}

/**
 * Uploads a file of any size straight to S3, several parts at once. In Node.js, `openAsBlob(path)` makes a blob that is
 * read while it is sent.
 * @throws ProblemError, UploadRefusedError
 */
export async function uploadFile(client: Client, content: Blob, options: UploadOptions): Promise<TaskFile> {
  const { idempotencyKey, signal, fetch = globalThis.fetch, ...request } = options;
  const { upload, ...taskFile } = await client.uploadTasks({
    body: JSON.stringify({ ...request, contentLength: content.size }),
    contentType: 'application/json',
    ...(idempotencyKey !== undefined && { headers: { 'idempotency-key': idempotencyKey } }),
    ...(signal && { signal }),
  });
  if (!upload) return taskFile;
  const put = makePut(fetch, signal);
  if ('url' in upload) {
    await put(upload.url, content);
    return taskFile;
  }
  await putParts(requestLinks(client, taskFile.id, upload, signal), async ({ number, contentLength, url }) => {
    const first = (number - 1) * upload.partSize;
    await put(url, content.slice(first, first + contentLength));
  });
  return client.completeTaskFileUpload({ params: { id: taskFile.id }, ...(signal && { signal }) });
}

type Parts = Extract<UploadResponse['upload'], { partSize: number }>;

/** Requests URLs shortly before they are needed, because they expire. */
async function* requestLinks(client: Client, id: string, { parts, partCount }: Parts, signal: AbortSignal | undefined) {
  yield* parts;
  for (let from = parts.length + 1; from <= partCount; from += PART_LINKS_MAX) {
    const body = { from, count: PART_LINKS_MAX };
    yield* (await client.presignTaskFileParts({ params: { id }, body, ...(signal && { signal }) })).parts;
  }
}

/**
 * Puts parts by several workers, which share the URLs. After a failure, each other worker ends with its current part.
 */
async function putParts(links: AsyncGenerator<PartLink>, put: (link: PartLink) => Promise<void>): Promise<void> {
  const worker = async (): Promise<void> => {
    for (let link = await links.next(); !link.done; link = await links.next()) {
      try {
        await put(link.value);
      } catch (error) {
        await links.return(undefined);
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: PARTS_IN_FLIGHT }, worker));
}

const makePut = (fetch: typeof globalThis.fetch, signal: AbortSignal | undefined) =>
  async function put(url: string, body: Blob): Promise<void> {
    for (let left = TRIES - 1; ; left--) {
      try {
        const response = await fetch(url, { method: 'PUT', body, ...(signal && { signal }) });
        if (response.ok) return;
        throw new UploadRefusedError(response.status, await response.text());
      } catch (error) {
        const isFinal = left === 0 || signal?.aborted || (error instanceof UploadRefusedError && error.status < 500);
        if (isFinal) throw error;
      }
    }
  };

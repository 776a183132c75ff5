import type { FixFileLink } from '../src/contract/index.ts';
import type { Client } from './client.ts';
import { DownloadRefusedError, ProblemError } from './errors.ts';

export interface DownloadOptions {
  readonly signal?: AbortSignal;
  /** Fetches from the presigned URL. It must not sign: S3 refuses a second signature. */
  readonly fetch?: typeof fetch;
}

/** The URL of a fix file, and its content, which the caller reads as a stream or at once. */
export interface FixFile extends FixFileLink {
  readonly content: Response;
}

/**
 * Fetches the fix file of a task file straight from S3. It takes two requests, because a redirect would pass on the
 * headers of the caller's signature, which S3 refuses. The service writes the fix file a moment after the end of the
 * file. This waits until then, unless `signal` aborts.
 * @throws ProblemError, DownloadRefusedError
 */
export async function downloadFixFile(client: Client, id: string, options: DownloadOptions = {}): Promise<FixFile> {
  const { signal, fetch = globalThis.fetch } = options;
  const link = await requestLink(client, id, signal);
  const content = await fetch(link.url, { ...(signal && { signal }) });
  if (!content.ok) throw new DownloadRefusedError(content.status, await content.text());
  return { ...link, content };
}

async function requestLink(client: Client, id: string, signal: AbortSignal | undefined): Promise<FixFileLink> {
  for (;;) {
    try {
      return await client.getFixFile({ params: { id }, ...(signal && { signal }) });
    } catch (error) {
      if (!(error instanceof ProblemError && error.code === 'REPORT_PENDING')) throw error;
      await wait(error.retryAfterSeconds ?? 1);
      signal?.throwIfAborted();
    }
  }
}

const wait = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));

import type { FixFileLink } from '../src/contract/index.ts';
import type { Client } from './client.ts';
import { DownloadRefusedError, ProblemError } from './errors.ts';

export interface DownloadOptions {
  readonly signal?: AbortSignal;
  /** Fetches from a presigned URL: one that signs would be refused. */
  readonly fetch?: typeof fetch;
}

/** Where a fix file lies, and its content, to be read as a stream or whole. */
export interface FixFile extends FixFileLink {
  readonly content: Response;
}

/**
 * Fetches the fix file of a task file straight from the store. In two steps, as a redirect would take the headers of
 * the caller's signature along, which the store refuses. A file has its fix file a moment after its end: until then
 * this waits, as long as `signal` lets it.
 * @throws ProblemError, DownloadRefusedError
 */
export async function downloadFixFile(client: Client, id: string, options: DownloadOptions = {}): Promise<FixFile> {
  const { signal, fetch = globalThis.fetch } = options;
  const link = await linkOf(client, id, signal);
  const content = await fetch(link.url, { ...(signal && { signal }) });
  if (!content.ok) throw new DownloadRefusedError(content.status, await content.text());
  return { ...link, content };
}

async function linkOf(client: Client, id: string, signal: AbortSignal | undefined): Promise<FixFileLink> {
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

import type { FixFileLink } from '../src/contract/index.ts';
import type { Client } from './client.ts';
import { DownloadRefusedError } from './errors.ts';

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
 * Fetches the fix file of a task file straight from the store. In two steps, as a redirect would take the headers of the
 * caller's signature along, which the store refuses.
 * @throws ProblemError, DownloadRefusedError
 */
export async function downloadFixFile(client: Client, id: string, options: DownloadOptions = {}): Promise<FixFile> {
  const { signal, fetch = globalThis.fetch } = options;
  const link = await client.getFixFile({ params: { id }, ...(signal && { signal }) });
  const content = await fetch(link.url, { ...(signal && { signal }) });
  if (!content.ok) throw new DownloadRefusedError(content.status, await content.text());
  return { ...link, content };
}

import type { Contents } from '../../../src/engine/index.ts';

/** Contents in memory. */
export class MemoryContents implements Contents {
  readonly #latest = new Map<string, string>();

  async note(tenant: string, digest: string, jobId: string): Promise<string | undefined> {
    const key = `${tenant}/${digest}`;
    const before = this.#latest.get(key);
    this.#latest.set(key, jobId);
    return before;
  }
}

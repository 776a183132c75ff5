import type { Page } from '../src/contract/index.ts';

/**
 * Reads every entry of a paged route, page after page:
 * `for await (const task of iterate((cursor) => client.listTasks({ query: { cursor } })))`
 */
export async function* iterate<T>(
  readPage: (cursor: string | undefined) => Promise<Page<T>>,
): AsyncGenerator<T, void, undefined> {
  let cursor: string | undefined;
  do {
    const page: Page<T> = await readPage(cursor);
    yield* page.items;
    cursor = page.cursor;
  } while (cursor !== undefined);
}

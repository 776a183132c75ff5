import type { Service } from './service.ts';

/** Fetches the pages of a list. The Link header of each page has the address of the next. */
export async function linkedPages<Entry>(service: Service, path: string): Promise<readonly (readonly Entry[])[]> {
  const pages: (readonly Entry[])[] = [];
  let next: string | undefined = path;
  while (next !== undefined) {
    const response = await service.request(next);
    pages.push((await response.json()) as readonly Entry[]);
    next = /^<(.+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1];
  }
  return pages;
}

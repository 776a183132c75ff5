import type { Service } from './service.ts';

/** The pages of a list as they come over the wire, each found where the Link header of the one before says. */
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

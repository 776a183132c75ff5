/** The ETag of a task is its version. */
export const etagOf = (version: number): string => `"${version}"`;

/**
 * The versions that an If-Match header accepts; undefined if it accepts any. A weak or foreign tag accepts none of ours
 * (RFC 9110, strong comparison).
 */
export function versionsOf(ifMatch: string | undefined): readonly number[] | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  return ifMatch
    .split(',')
    .flatMap((tag) => /^"([1-9]\d{0,14})"$/.exec(tag.trim())?.[1] ?? [])
    .map(Number);
}

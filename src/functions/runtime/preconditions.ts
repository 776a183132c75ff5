import type { Preconditions } from '../../tasks/index.ts';
import { RequestError } from './problem.ts';

/** The ETag of a task is its version. */
export const etagOf = (version: number): string => `"${version}"`;

export interface PreconditionHeaders {
  readonly 'if-match'?: string | undefined;
  readonly 'if-none-match'?: string | undefined;
}

/**
 * What the caller demands of a task's version (RFC 9110, 13.1). Of a task that is there `If-Match: *` holds and
 * `If-None-Match: *` does not. If-Match is compared strongly, so that a weak or foreign tag accepts none of ours;
 * If-None-Match weakly.
 */
export function preconditionsOf({ 'if-match': match, 'if-none-match': noneMatch }: PreconditionHeaders): Preconditions {
  return {
    ...(match !== undefined && !isAny(match) && { ifVersions: versionsIn(match, STRONG) }),
    ...(noneMatch !== undefined && { unlessVersions: isAny(noneMatch) ? 'any' : versionsIn(noneMatch, WEAK) }),
  };
}

/**
 * Of a list, which has no ETag: it is there, so `If-Match: *` holds, and neither `If-None-Match: *` nor a tag in
 * If-Match does.
 * @throws RequestError PRECONDITION_FAILED
 */
export function requireOfList({ 'if-match': match, 'if-none-match': noneMatch }: PreconditionHeaders): void {
  const failed = [
    ...(match === undefined || isAny(match) ? [] : ['If-Match']),
    ...(noneMatch !== undefined && isAny(noneMatch) ? ['If-None-Match'] : []),
  ];
  if (failed.length === 0) return;
  throw new RequestError(
    'PRECONDITION_FAILED',
    `${failed.join(' and ')} speaks of the address of the request, a list that is always there and has no ETag. Leave it out: each POST makes a task of its own, and with an Idempotency-Key the same request makes one.`,
  );
}

const isAny = (header: string): boolean => header.trim() === '*';

const STRONG = /^"([1-9]\d{0,14})"$/;
const WEAK = /^(?:W\/)?"([1-9]\d{0,14})"$/;

const versionsIn = (header: string, form: RegExp): readonly number[] =>
  header
    .split(',')
    .flatMap((tag) => form.exec(tag.trim())?.[1] ?? [])
    .map(Number);

import type { Preconditions } from '../../tasks/index.ts';
import { RequestError } from './problem.ts';

/** The ETag of a task is its version. */
export const toEtag = (version: number): string => `"${version}"`;

export interface PreconditionHeaders {
  readonly 'if-match'?: string | undefined;
  readonly 'if-none-match'?: string | undefined;
}

/**
 * Reads what the caller demands of a task's version (RFC 9110, 13.1). For a task that exists, `If-Match: *` holds and
 * `If-None-Match: *` does not. If-Match is compared strongly, so that a weak or foreign tag matches no version, and
 * If-None-Match weakly.
 */
export function readPreconditions({
  'if-match': match,
  'if-none-match': noneMatch,
}: PreconditionHeaders): Preconditions {
  return {
    ...(match !== undefined && !isAny(match) && { ifVersions: versionsIn(match, STRONG) }),
    ...(noneMatch !== undefined && { unlessVersions: isAny(noneMatch) ? 'any' : versionsIn(noneMatch, WEAK) }),
  };
}

/**
 * Checks the preconditions of a list. It always exists and has no ETag, so `If-Match: *` holds, and neither
 * `If-None-Match: *` nor a tag in If-Match does.
 * @throws RequestError PRECONDITION_FAILED
 */
export function checkListPreconditions({ 'if-match': match, 'if-none-match': noneMatch }: PreconditionHeaders): void {
  const failed = [
    ...(match === undefined || isAny(match) ? [] : ['If-Match']),
    ...(noneMatch !== undefined && isAny(noneMatch) ? ['If-None-Match'] : []),
  ];
  if (failed.length === 0) return;
  throw new RequestError(
    'PRECONDITION_FAILED',
    `${failed.join(' and ')} does not hold for the list at this address, which always exists and has no ETag. Leave it out. To create a task only once, send an Idempotency-Key.`,
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

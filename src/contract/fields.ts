import * as z from 'zod';

/** The version of every message, event and stored key that this code writes. Readers refuse any other version. */
export const SCHEMA_VERSION = 1;

/** The tenant of every caller, as long as no authorizer names one. */
export const DEFAULT_TENANT = 'default';

/** The id of a task, a task file, a run or an event: a UUID in lower case. */
export const id = z.uuid().toLowerCase();

/** An instant in UTC, ISO 8601 with milliseconds: `2026-01-31T08:00:00.000Z`. */
export const instant = z.iso.datetime();

export const tenant = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

const PAGE_LIMIT_MAX = 100;
const PAGE_LIMIT_DEFAULT = 25;
/** Keeps a request within the 10 KB that API Gateway allows for its request line and headers. */
const CURSOR_MAX = 6_000;

/** The query of every paged route: at most `limit` entries, after the opaque `cursor` of the previous page. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(PAGE_LIMIT_MAX).default(PAGE_LIMIT_DEFAULT),
  // A cursor of failures has a position in each of up to a hundred redrives.
  cursor: z.string().min(1).max(CURSOR_MAX).optional(),
});
export type PageQuery = z.infer<typeof pageQuery>;

/** One page, with the opaque cursor of the next. The last page has no cursor. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly cursor?: string;
}

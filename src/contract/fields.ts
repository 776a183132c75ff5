import * as z from 'zod';

/** Version of every message, event and stored key this code writes. Readers refuse what they do not know. */
export const SCHEMA_VERSION = 1;

/** The tenant of every caller until an authorizer names one. */
export const DEFAULT_TENANT = 'default';

/** A UUID in lower case; ids of tasks, task files, runs and events. */
export const id = z.uuid().toLowerCase();

/** An instant in UTC, ISO 8601 with milliseconds: `2026-01-31T08:00:00.000Z`. */
export const instant = z.iso.datetime();

export const tenant = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

const PAGE_LIMIT_MAX = 100;
const PAGE_LIMIT_DEFAULT = 25;
/** With it, a request stays within the 10 KB that API Gateway takes of its line and headers. */
const CURSOR_MAX = 6_000;

/** Query of every paged route: at most `limit` entries after the opaque `cursor` of the page before. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(PAGE_LIMIT_MAX).default(PAGE_LIMIT_DEFAULT),
  // One of failures has a place in each of up to a hundred redrives.
  cursor: z.string().min(1).max(CURSOR_MAX).optional(),
});
export type PageQuery = z.infer<typeof pageQuery>;

/** One page and the opaque cursor of the next; no cursor means that this page is the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly cursor?: string;
}

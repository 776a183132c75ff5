import * as z from 'zod';
import { id, instant, SCHEMA_VERSION } from './fields.ts';
import { failureGroup, taskFileStatus } from './task-file.ts';

const count = z.int().min(0);

/** `summary.json`: the result of a file, as a record that outlives the stack. */
export const reportSummary = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  taskFileId: id,
  runId: id,
  fileName: z.string(),
  status: taskFileStatus,
  failure: z.object({ code: z.string(), message: z.string() }).optional(),
  counts: z.object({ recordCount: count, processedCount: count, failedCount: count }),
  timings: z.object({
    createdAt: instant,
    startedAt: instant.optional(),
    completedAt: instant.optional(),
    rowsPerSecond: z.number(),
  }),
  source: z.object({ key: z.string(), bytes: count.optional(), etag: z.string().optional() }),
  failureGroups: z.array(failureGroup),
  otherFailures: count,
  /** Absent if no failed row remains. */
  fixFile: z
    .object({
      key: z.string(),
      rows: count,
      bytes: count,
      parts: z.array(z.object({ bytes: count, sha256: z.string() })),
    })
    .optional(),
});
export type ReportSummary = z.infer<typeof reportSummary>;

/** How long the URL of a report works: long enough to click, too short to pass on. */
export const REPORT_LINK_SECONDS = 5 * 60;

/**
 * The URL of a fix file, and the name under which to save it. The URL is presigned: fetch it without your own
 * signature.
 */
export const fixFileLink = z.object({ url: z.url(), fileName: z.string(), bytes: count, expiresAt: instant });
export type FixFileLink = z.infer<typeof fixFileLink>;

import * as z from 'zod';
import type { CodeIn } from './codes/catalogue.ts';
import { id, instant } from './fields.ts';
import { readOptions } from './read-options.ts';

export const TASK_FILE_STATUSES = ['NEW', 'IN_PROGRESS', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;
export const taskFileStatus = z.enum(TASK_FILE_STATUSES);
export type TaskFileStatus = z.infer<typeof taskFileStatus>;

export const FILE_NAME_MAX = 255;

/** File systems take 255. A store that puts a second file beside the first needs some of them. */
export const FILE_NAME_MAX_BYTES = 240;
const byteLength = (text: string): number => new TextEncoder().encode(text).length;

/** The name a person gave the file: no path, no control characters. It is the last part of the object's key. */
export const fileName = z
  .string()
  .trim()
  .min(1)
  .max(FILE_NAME_MAX)
  .refine((name) => byteLength(name) <= FILE_NAME_MAX_BYTES, `must have at most ${FILE_NAME_MAX_BYTES} bytes as UTF-8`)
  .regex(/^[^/\\\p{Cc}\p{Zl}\p{Zp}]*$/u, 'a file name has no slashes, no control characters and no line ends')
  .refine((name) => name !== '.' && name !== '..', 'a file name is not a folder')
  .refine((name) => name.isWellFormed(), 'a file name is well-formed text');

const count = z.int().min(0);

const failure = z.object({ code: z.string(), message: z.string() });

/**
 * Something that was read in one of several ways, in words; `column` as the file writes it, `likely` what it may be
 * meant as.
 */
export const warning = z.object({
  code: z.enum([
    'SAME_CONTENT',
    'SAME_ROWS',
    'COLUMNS_IGNORED',
    'ROW_NAMES_IGNORED',
    'LINES_SKIPPED',
    'ENCODING_ASSUMED',
  ] satisfies CodeIn<'warning'>[]),
  message: z.string(),
  columns: z.array(z.object({ name: z.string(), likely: z.string().optional() })).optional(),
});
export type Warning = z.infer<typeof warning>;

/** Failed rows that are one thing: the same code in the same column. */
export const failureGroup = z.object({
  code: z.string(),
  column: z.string().optional(),
  count,
  firstRow: z.int().min(2),
  /** Of the first row. */
  message: z.string(),
});
export type FailureGroup = z.infer<typeof failureGroup>;

/** Groups that a report names, the largest ones; the rows of the others are counted together. */
export const GROUPS_MAX = 20;

/** One redrive of a file: a pass over rows that had failed. Its counts are of those rows. */
export const redriveRun = z.object({
  number: z.int().min(1),
  /** Only rows that had failed with one of these; absent: all. */
  codes: z.array(z.string()).optional(),
  status: taskFileStatus,
  recordCount: count,
  processedCount: count,
  failedCount: count,
  createdAt: instant.optional(),
  completedAt: instant.optional(),
  failure: failure.optional(),
});
export type RedriveRun = z.infer<typeof redriveRun>;

export const taskFile = z.object({
  id,
  fileName: z.string(),
  status: taskFileStatus,
  recordCount: count,
  totalIsFinal: z.boolean(),
  processedCount: count,
  failedCount: count,
  unprocessedCount: count,
  percent: z.number().min(0).max(100),
  rowsPerSecond: z.number().min(0),
  etaSeconds: z.number().min(0).nullable(),
  /**
   * What a person should know before they trust the counts: columns that were ignored, an encoding that was assumed.
   */
  warnings: z.array(warning).optional(),
  /** How the file is written, as detected from its beginning or asked for. */
  format: z
    .object({
      type: z.enum(['csv', 'jsonl']),
      encoding: z.string(),
      delimiter: z.string().optional(),
      /** Lines before the header that are no part of the table, such as a title; absent if there are none. */
      skippedLines: z.int().min(1).optional(),
      compression: z.literal('gzip').optional(),
      /** What the uploader asked for; the encoding and the delimiter above follow it. */
      asked: readOptions.optional(),
    })
    .optional(),
  /** Columns of its header that are not known, the first ones; their cells are kept, and have no effect. */
  ignoredColumns: z.array(z.string()).optional(),
  createdAt: instant,
  startedAt: instant.optional(),
  completedAt: instant.optional(),
  failure: failure.optional(),
  /**
   * Since when the report about its failed rows is there: the fix file and `failureGroups`. It comes a moment after the
   * end of the file or of a redrive, until which it is absent.
   */
  reportedAt: instant.optional(),
  /**
   * What its failed rows have in common, the largest groups first; there once the file has ended and its report is
   * written, if a row failed.
   */
  failureGroups: z.array(failureGroup).optional(),
  /** In order; absent if there was none. */
  redrives: z.array(redriveRun).optional(),
});
/**
 * One uploaded file and how far it is. `processedCount` counts rows that became tasks, `failedCount` rows that could
 * not, those that redrives have brought in being moved from the one to the other; `recordCount` is a lower bound until
 * `totalIsFinal`. `etaSeconds` is null while nothing can be said yet.
 */
export type TaskFile = z.infer<typeof taskFile>;

export const rowFailure = z.object({
  row: z.int().min(2),
  line: z.int().min(1),
  column: z.string().optional(),
  value: z.string().optional(),
  code: z.string(),
  message: z.string(),
});
/** Why one row did not become a task: where it stands, what was refused, and what would be accepted. */
export type RowFailure = z.infer<typeof rowFailure>;

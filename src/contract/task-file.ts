import * as z from 'zod';
import type { CodeIn } from './codes/catalogue.ts';
import { id, instant } from './fields.ts';
import { readOptions } from './upload/read-options.ts';

export const TASK_FILE_STATUSES = ['NEW', 'IN_PROGRESS', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;
export const taskFileStatus = z.enum(TASK_FILE_STATUSES);
export type TaskFileStatus = z.infer<typeof taskFileStatus>;

export const FILE_NAME_MAX = 255;

/** File systems allow 255 bytes. A file system store that keeps a second file beside the first needs some of them. */
export const FILE_NAME_MAX_BYTES = 240;
const byteLength = (text: string): number => new TextEncoder().encode(text).length;

/** The caller's name of the file, without path and control characters. It is the last part of the object's key. */
export const fileName = z
  .string()
  .trim()
  .min(1)
  .max(FILE_NAME_MAX)
  .refine((name) => byteLength(name) <= FILE_NAME_MAX_BYTES, `must have at most ${FILE_NAME_MAX_BYTES} bytes as UTF-8`)
  .regex(/^[^/\\\p{Cc}\p{Zl}\p{Zp}]*$/u, 'must not have slashes, control characters or line ends')
  .refine((name) => name !== '.' && name !== '..', 'must not be the name of a folder')
  .refine((name) => name.isWellFormed(), 'must be well-formed text');

const count = z.int().min(0);

const failure = z.object({ code: z.string(), message: z.string() });

/**
 * A choice that the reader made, or repeated content. `columns` has the names as the file writes them; `likely` is what
 * a name may mean.
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

/** Failed rows with the same code in the same column. */
export const failureGroup = z.object({
  code: z.string(),
  column: z.string().optional(),
  count,
  firstRow: z.int().min(2),
  /** The message of the first row. */
  message: z.string(),
});
export type FailureGroup = z.infer<typeof failureGroup>;

/** A report names at most so many groups, the largest ones, and counts the rows of the others together. */
export const GROUPS_MAX = 20;

/** One redrive of a file: a pass over rows that had failed, with the counts of those rows. */
export const redriveRun = z.object({
  number: z.int().min(1),
  /** The redrive takes only rows that failed with one of these codes. Absent: all failed rows. */
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
  /** What a caller should check before trusting the counts, such as ignored columns or an assumed encoding. */
  warnings: z.array(warning).optional(),
  /** The format of the file, as detected from its beginning or requested by the uploader. */
  format: z
    .object({
      type: z.enum(['csv', 'jsonl']),
      encoding: z.string(),
      delimiter: z.string().optional(),
      /** The number of lines before the header, such as a title. Absent if there are none. */
      skippedLines: z.int().min(1).optional(),
      compression: z.literal('gzip').optional(),
      /** The options of the upload, which determine the encoding and the delimiter above. */
      asked: readOptions.optional(),
    })
    .optional(),
  /** The first unknown columns of the header. The fix file keeps their cells, which have no other effect. */
  ignoredColumns: z.array(z.string()).optional(),
  createdAt: instant,
  startedAt: instant.optional(),
  completedAt: instant.optional(),
  failure: failure.optional(),
  /**
   * When the report was written, which has the fix file and `failureGroups`. That is a moment after the end of the file
   * or of a redrive; until then this field is absent.
   */
  reportedAt: instant.optional(),
  /** The failed rows in groups, the largest first. Present after the report was written, if a row failed. */
  failureGroups: z.array(failureGroup).optional(),
  /** The redrives in order. Absent if there was none. */
  redrives: z.array(redriveRun).optional(),
});
/**
 * One file and its progress. `processedCount` counts rows that became tasks, `failedCount` rows that failed. A redrive
 * moves the rows that it imports from the second to the first. `recordCount` is a lower bound until `totalIsFinal`.
 * `etaSeconds` is null while no estimate is possible.
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
/** Why one row did not become a task: its position, the rejected value, and what is accepted. */
export type RowFailure = z.infer<typeof rowFailure>;

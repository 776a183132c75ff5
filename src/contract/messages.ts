import * as z from 'zod';
import type { RowCode } from './codes/catalogue.ts';
import { id, SCHEMA_VERSION, tenant } from './fields.ts';

const index = z.int().min(0);
/** The codes of records that fail regardless of their cells. */
export const RECORD_FAULTS = ['ROW_TOO_LARGE', 'INVALID_QUOTES'] as const satisfies RowCode[];

const schemaVersion = z.literal(SCHEMA_VERSION);

/** A message of the Create Task Queue: rows of one file, each with its index from 0 and the line where it begins. */
export const batchMessage = z
  .strictObject({
    schemaVersion,
    tenant,
    jobId: id,
    runId: id,
    batch: index,
    bytes: index,
    /** The recovery that sent this copy. */
    recovery: z.int().min(1).exactOptional(),
    items: z.array(index).min(1),
    lines: z.array(z.int().min(1)).min(1),
    rows: z.array(z.array(z.string())).min(1),
    /** The position in `rows` and the code of each row whose record itself is a fault, regardless of its cells. */
    faults: z.array(z.tuple([index, z.enum(RECORD_FAULTS)])).exactOptional(),
  })
  .refine(
    ({ items, lines, rows }) => items.length === rows.length && lines.length === rows.length,
    'one item number and one line for each row',
  );
export type BatchMessage = z.infer<typeof batchMessage>;

/** A message of the Task Upload Queue that is ours and not an S3 event: go on with the fan-out of a file. */
export const continuationMessage = z.strictObject({
  schemaVersion,
  continue: z.strictObject({
    tenant,
    jobId: id,
    /** Batch of the checkpoint when it was sent. */
    nextBatch: index,
    attempt: index,
    resendFrom: z.strictObject({ byteOffset: index, line: index, nextItem: index, nextBatch: index }).exactOptional(),
    recovery: z.int().min(1).exactOptional(),
    reopens: z.literal(true).exactOptional(),
    redrive: z
      .strictObject({
        number: z.int().min(1),
        codes: z.array(z.string()).readonly().exactOptional(),
        fromItem: index.exactOptional(),
      })
      .exactOptional(),
  }),
});
export type ContinuationMessage = z.infer<typeof continuationMessage>;

const runPosition = z.strictObject({ segment: index, batch: index });

/** A message of the TaskFile Complete Queue that is not an event: it continues the report of a file. */
export const reportMessage = z.strictObject({
  schemaVersion,
  report: z.strictObject({
    tenant,
    taskFileId: id,
    draft: z.strictObject({
      run: index,
      object: z.strictObject({
        uploadId: z.string(),
        parts: z.array(z.strictObject({ etag: z.string(), crc32: z.string(), bytes: index, sha256: z.string() })),
      }),
      position: z.strictObject({ item: index, runs: z.array(runPosition) }),
      rows: index,
      groups: z.array(
        z.strictObject({
          code: z.string(),
          column: z.string().exactOptional(),
          count: index,
          firstIndex: index,
          message: z.string(),
        }),
      ),
    }),
  }),
});
export type ReportMessage = z.infer<typeof reportMessage>;

/** The used part of an S3 event. Keys are form-URL-encoded, ETags have no quotes. */
export const s3Event = z.object({
  Records: z.array(
    z.object({
      eventName: z.string(),
      s3: z.object({
        bucket: z.object({ name: z.string() }),
        object: z.object({
          key: z.string(),
          size: z.int().min(0).optional(),
          eTag: z.string().optional(),
        }),
      }),
    }),
  ),
});

/** S3 sends this message once, when the notification is configured. */
export const s3TestEvent = z.object({ Event: z.literal('s3:TestEvent') });

export const uploadMessage = z.union([continuationMessage, s3TestEvent, s3Event]);
export type UploadMessage = z.infer<typeof uploadMessage>;

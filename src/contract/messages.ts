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

const jobKey = { tenant, jobId: id };
const recovery = z.int().min(1);
const checkpoint = z.strictObject({ byteOffset: index, line: index, nextItem: index, nextBatch: index });
const redrive = z.strictObject({
  number: z.int().min(1),
  codes: z.array(z.string()).readonly().exactOptional(),
  fromItem: index.exactOptional(),
});

const continuation = z.discriminatedUnion('kind', [
  /** Continues the fan-out of a file. `nextBatch` is the batch at the checkpoint when the message was sent. */
  z.strictObject({
    kind: z.literal('split'),
    ...jobKey,
    nextBatch: index,
    attempt: index,
    recovery: recovery.exactOptional(),
  }),
  /** Sends again the batches of a file that the ledger lacks. */
  z.strictObject({ kind: z.literal('resend'), ...jobKey, from: checkpoint, recovery }),
  /** Resumes a file that failed at this attempt. */
  z.strictObject({ kind: z.literal('reopen'), ...jobKey, attempt: index }),
  /** Plans a redrive of a file. */
  z.strictObject({ kind: z.literal('plan'), ...jobKey, redrive }),
]);

/**
 * A continuation as versions before `kind` sent it. A deployment finds such messages in the queue, which keeps them for
 * days.
 */
const continuationWithoutKind = z
  .strictObject({
    ...jobKey,
    nextBatch: index,
    attempt: index,
    resendFrom: checkpoint.exactOptional(),
    recovery: recovery.exactOptional(),
    reopens: z.literal(true).exactOptional(),
    redrive: redrive.exactOptional(),
  })
  .transform(({ resendFrom, reopens, redrive: plan, ...split }): z.infer<typeof continuation> => {
    const { tenant: owner, jobId, attempt } = split;
    const key = { tenant: owner, jobId };
    if (plan) return { kind: 'plan', ...key, redrive: plan };
    if (reopens) return { kind: 'reopen', ...key, attempt };
    if (resendFrom && split.recovery) return { kind: 'resend', ...key, from: resendFrom, recovery: split.recovery };
    return { kind: 'split', ...split };
  });

/** A message of the Task Upload Queue that the service itself sends: it continues with a file. */
export const continuationMessage = z.strictObject({
  schemaVersion,
  continue: z.union([continuation, continuationWithoutKind]),
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

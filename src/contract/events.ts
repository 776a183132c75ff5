import * as z from 'zod';
import { id, instant, SCHEMA_VERSION, tenant } from './fields.ts';

/** The events of the Task Topic. Subscribers filter on the message attribute {@link EVENT_ATTRIBUTE}. */
export const TASK_EVENTS = {
  completed: 'taskfile_processing_complete',
  failed: 'taskfile_failed',
  cancelled: 'taskfile_cancelled',
} as const;

/** The message attribute that carries the event's name. */
export const EVENT_ATTRIBUTE = 'event';

/** Objects under this prefix are task files. */
export const UPLOADS_PREFIX = 'uploads/';

/** Objects under this prefix are what is written about files that have ended. */
export const REPORTS_PREFIX = 'reports/';

/** Objects under this prefix are lists of rows to redrive. */
export const REDRIVES_PREFIX = 'redrives/';

/** What every subscriber of the Task Topic reads. `eventId` is the same on every copy: use it as an idempotency key. */
export const taskEvent = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  event: z.enum(TASK_EVENTS),
  eventId: id,
  tenant,
  taskFileId: id,
  /** Of the pass over rows that ended: the file's id for the first, another for each redrive. */
  runId: id,
  /** Of a completed file alone. */
  recordCount: z.int().min(0).optional(),
  processedCount: z.int().min(0).optional(),
  failedCount: z.int().min(0).optional(),
  createdAt: instant,
  failure: z.object({ code: z.string(), message: z.string() }).optional(),
});
export type TaskEvent = z.infer<typeof taskEvent>;

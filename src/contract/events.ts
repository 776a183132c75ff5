import * as z from 'zod';
import { id, instant, SCHEMA_VERSION, tenant } from './fields.ts';

/** The events of the Task Topic. Subscribers filter by the message attribute {@link EVENT_ATTRIBUTE}. */
export const TASK_EVENTS = {
  completed: 'taskfile_processing_complete',
  failed: 'taskfile_failed',
  cancelled: 'taskfile_cancelled',
} as const;

/** The message attribute that carries the event's name. */
export const EVENT_ATTRIBUTE = 'event';

/** Objects under this prefix are task files. */
export const UPLOADS_PREFIX = 'uploads/';

/** Objects under this prefix are reports of files that have ended. */
export const REPORTS_PREFIX = 'reports/';

/** Objects under this prefix are manifests of redrives. */
export const REDRIVES_PREFIX = 'redrives/';

/** An event of the Task Topic. `eventId` is the same on every copy, so subscribers can use it as an idempotency key. */
export const taskEvent = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  event: z.enum(TASK_EVENTS),
  eventId: id,
  tenant,
  taskFileId: id,
  /** The run that ended: the file's id for the first pass, another id for each redrive. */
  runId: id,
  /** Only completed files have counts. */
  recordCount: z.int().min(0).optional(),
  processedCount: z.int().min(0).optional(),
  failedCount: z.int().min(0).optional(),
  createdAt: instant,
  failure: z.object({ code: z.string(), message: z.string() }).optional(),
});
export type TaskEvent = z.infer<typeof taskEvent>;

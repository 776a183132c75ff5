import * as z from 'zod';

/** The default number of rows in a queue message: one full `BatchWriteItem`. */
export const ROWS_PER_MESSAGE_DEFAULT = 25;

/**
 * Every environment variable that a function may read, by name. Infrastructure sets them, and functions pick those that
 * they need. No other file spells these names.
 */
export const environment = {
  TASKS_TABLE_NAME: z.string().min(3),
  TASK_FILES_TABLE_NAME: z.string().min(3),
  UPLOADS_BUCKET_NAME: z.string().min(3),
  TASK_UPLOAD_QUEUE_URL: z.url(),
  CREATE_TASK_QUEUE_URL: z.url(),
  TASK_FILE_COMPLETE_QUEUE_URL: z.url(),
  TASK_TOPIC_ARN: z.string().startsWith('arn:'),
  ROWS_PER_MESSAGE: z.coerce.number().int().min(1).max(1_000).default(ROWS_PER_MESSAGE_DEFAULT),
  /** The tolerance of an upload that names none: percent of its rows, and rows. Absent: any number may fail. */
  TOLERATED_FAILURE_PERCENTAGE: z.coerce.number().min(0).max(100).optional(),
  TOLERATED_FAILURE_COUNT: z.coerce.number().int().min(0).optional(),
} as const;
export type EnvironmentName = keyof typeof environment;

/**
 * Checks the name of a variable at compile time: `variable('TASKS_TABLE_NAME')` does not compile for an unknown name.
 */
export const variable = <Name extends EnvironmentName>(name: Name): Name => name;

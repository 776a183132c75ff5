import * as z from 'zod';
import { atMost, id, instant } from './fields.ts';

export const TITLE_MAX = 100;
export const DETAIL_MAX = 1_000;

/** Lone surrogates cannot be stored as UTF-8: they would come back as another character. NUL is in no text that people write. */
const text = z
  .string()
  .trim()
  .refine((value) => value.isWellFormed(), 'must be well-formed Unicode text')
  .refine((value) => !value.includes('\0'), 'must not hold a NUL character');

/**
 * What a person says about a task, by JSON or by a row of a file. Text is trimmed; lengths are UTF-16 units, as in HTML.
 * `dueAt` needs date, time and offset, and is kept in UTC.
 */
export const taskContent = z.strictObject({
  title: text.min(1).refine(...atMost(TITLE_MAX)),
  detail: text.refine(...atMost(DETAIL_MAX)).optional(),
  dueAt: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text).toISOString())
    // In UTC it may lie before the year 0 or after 9999, which the answer's schema could not write.
    .pipe(instant)
    .optional(),
  isComplete: z.boolean().default(false),
});
export type TaskContent = z.infer<typeof taskContent>;

export const task = z.object({
  id,
  title: z.string(),
  detail: z.string().optional(),
  dueAt: instant.optional(),
  isComplete: z.boolean(),
  createdAt: instant,
  updatedAt: instant,
  taskFileId: id.optional(),
  row: z.int().min(2).optional(),
});
/** A task as every route answers it. `taskFileId` and `row` are there if it came from a file. */
export type Task = z.infer<typeof task>;

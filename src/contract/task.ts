import * as z from 'zod';
import { id, instant } from './fields.ts';
import { INSTANT_FORMS, parseInstant } from './instants.ts';

export const TITLE_MAX = 100;
export const DETAIL_MAX = 1_000;

/**
 * What decoding leaves of bytes that are not of the encoding, and what no text has: NUL, halves of characters, which
 * cannot be stored as UTF-8, and the control characters that stand for the five bytes that Windows-1252 does not
 * define.
 */
export const DAMAGED_TEXT = /[\0\uFFFD\u0081\u008D\u008F\u0090\u009D\p{Surrogate}]/u;

const text = z
  .string()
  .trim()
  .refine(
    (value) => !DAMAGED_TEXT.test(value),
    'must be whole text in UTF-8: it holds a NUL, half a character, or U+FFFD in place of bytes that are not UTF-8',
  );

/** A letter, a digit or a sign: anything but white space and marks without width. */
const visible: [(value: string) => boolean, string] = [
  (value) => value === '' || /[^\s\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u.test(value),
  'must have a character that can be seen',
];

/**
 * What a person says about a task, by JSON or by a row of a file. Text is trimmed; lengths are code points, as JSON
 * Schema counts characters: zod's `max` counts so, and an emoji is one. `dueAt` needs date, time and offset, and is
 * kept in UTC.
 */
export const taskContent = z.strictObject({
  title: text
    .min(1)
    .refine(...visible)
    .max(TITLE_MAX),
  detail: text.max(DETAIL_MAX).optional(),
  dueAt: z
    .string()
    .transform((value, context) => {
      const at = parseInstant(value);
      if (at === undefined) context.addIssue({ code: 'custom', message: `must be ${INSTANT_FORMS}` });
      return at ?? z.NEVER;
    })
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

/**
 * What replaces a task: its content. What the service sets itself may stand there as it was read, and has no effect.
 */
export const taskReplacement = taskContent.extend(
  task.pick({ id: true, createdAt: true, updatedAt: true, taskFileId: true, row: true }).partial().shape,
);

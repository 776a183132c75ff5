import * as z from 'zod';
import { id, instant } from './fields.ts';
import { INSTANT_FORMS, parseInstant } from './instants.ts';

export const TITLE_MAX = 100;
export const DETAIL_MAX = 1_000;

/**
 * Characters that show that text was lost: U+FFFD, which decoding leaves for bytes that the encoding does not have;
 * NUL; halves of characters, which cannot be stored as UTF-8; and the control characters that stand for the five bytes
 * that Windows-1252 does not define.
 */
export const DAMAGED_TEXT = /[\0\uFFFD\u0081\u008D\u008F\u0090\u009D\p{Surrogate}]/u;

const text = z
  .string()
  .trim()
  .refine(
    (value) => !DAMAGED_TEXT.test(value),
    'must be whole text in UTF-8: it holds a NUL, half a character, or U+FFFD in place of bytes that are not UTF-8',
  );

/** Requires a character other than white space and marks without width. */
const visible: [(value: string) => boolean, string] = [
  (value) => value === '' || /[^\s\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u.test(value),
  'must have a visible character',
];

/**
 * The caller's part of a task, from JSON or from a row of a file. Text is trimmed. Lengths are in code points, as in
 * JSON Schema and in zod's `max`, so an emoji counts as one. `dueAt` needs date, time and offset, and is stored in UTC.
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
/** A task as every route returns it. `taskFileId` and `row` are present if it came from a file. */
export type Task = z.infer<typeof task>;

/**
 * The content that replaces a task. Fields that the service sets may be sent as they were read; they have no effect.
 */
export const taskReplacement = taskContent.extend(
  task.pick({ id: true, createdAt: true, updatedAt: true, taskFileId: true, row: true }).partial().shape,
);

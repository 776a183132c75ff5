import * as z from 'zod';
import { DETAIL_MAX, taskContent, TITLE_MAX, type TaskContent } from '../contract/index.ts';
import type { Column, Refusal, Verdict } from '../engine/index.ts';

export const TASK_COLUMNS = [
  { name: 'title', required: true },
  { name: 'detail', required: false },
  { name: 'dueAt', required: false },
  { name: 'isComplete', required: false },
] as const satisfies readonly Column[];
type ColumnName = (typeof TASK_COLUMNS)[number]['name'];

/** A row keeps the rules of {@link taskContent}; only the boolean is spelled as people spell it in spreadsheets. */
const taskRow = taskContent.extend({
  isComplete: z.stringbool({ truthy: ['true', '1', 'yes'], falsy: ['false', '0', 'no'] }).default(false),
});

/** What a column can be refused for, and what would be accepted. */
const REFUSALS: Record<ColumnName, { readonly code: string; readonly message: string }> = {
  title: { code: 'TOO_LONG', message: `title is longer than ${TITLE_MAX} characters` },
  detail: { code: 'TOO_LONG', message: `detail is longer than ${DETAIL_MAX} characters` },
  dueAt: {
    code: 'INVALID_DATE',
    message:
      'dueAt is not an ISO 8601 date, time and offset, such as 2026-01-31T08:00:00Z or 2026-01-31T08:00:00+01:00',
  },
  isComplete: { code: 'INVALID_BOOLEAN', message: 'isComplete is none of true, false, 1, 0, yes, no' },
};

/** What decoding leaves of bytes that are not UTF-8, and what no text has: NUL, and halves of characters. */
const DAMAGED = /[\0\uFFFD\p{Surrogate}]/u;

/** Decides one row: the task's content, or the first thing that is wrong with it, in the order of the columns. */
export function decideRow(values: readonly (string | undefined)[]): Verdict<TaskContent> {
  const damaged = TASK_COLUMNS.findIndex((_, index) => DAMAGED.test(values[index] ?? ''));
  if (damaged >= 0) return { refusal: damagedText(damaged, values[damaged]) };
  const result = taskRow.safeParse(Object.fromEntries(TASK_COLUMNS.map(({ name }, index) => [name, values[index]])));
  if (result.success) return { row: result.data };
  const refused = new Set(result.error.issues.map(({ path }) => path[0]));
  const index = TASK_COLUMNS.findIndex(({ name }) => refused.has(name));
  return { refusal: refusalOf(index, values[index]) };
}

function refusalOf(index: number, value: string | undefined): Refusal {
  const column = TASK_COLUMNS[index]!.name;
  return value === undefined
    ? { column, code: 'REQUIRED', message: `${column} is empty; every task needs one` }
    : { column, value, ...REFUSALS[column] };
}

const damagedText = (index: number, value: string | undefined): Refusal => ({
  column: TASK_COLUMNS[index]!.name,
  ...(value !== undefined && { value }),
  code: 'INVALID_TEXT',
  message:
    'the text holds a NUL, half a character, bytes that are not UTF-8, or U+FFFD in their place: characters of it are lost',
});

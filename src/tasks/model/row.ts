import * as z from 'zod';
import {
  DAMAGED_TEXT,
  DETAIL_MAX,
  INSTANT_FORMS,
  parseInstant,
  isTimeZone,
  parseLocalInstant,
  taskContent,
  TIME_ZONE_FORMS,
  TITLE_MAX,
  type RowCode,
  type TaskContent,
} from '../../contract/index.ts';
import type { Column, FixFileColumn, RefusalWith, RowOptions, Verdict } from '../../engine/index.ts';

export const TASK_COLUMNS = [
  { name: 'title', required: true, words: ['name', 'task', 'task name', 'subject', 'summary', 'to do', 'todo'] },
  { name: 'detail', required: false, words: ['description', 'notes', 'note', 'body', 'comment', 'text'] },
  { name: 'dueAt', required: false, words: ['due', 'due date', 'due time', 'deadline', 'date', 'due on'] },
  { name: 'isComplete', required: false, words: ['done', 'complete', 'completed', 'finished', 'is done', 'closed'] },
] as const satisfies readonly Column[];
type ColumnName = (typeof TASK_COLUMNS)[number]['name'];
type Refusal = RefusalWith<RowCode>;
const DUE_AT = TASK_COLUMNS.findIndex(({ name }) => name === 'dueAt');

/**
 * Databases write t and f, pandas writes 1.0 and 0.0 where a column has an empty cell, and spreadsheets write the words
 * of their language: English, German, French, Spanish, Italian, Portuguese or Dutch.
 */
const TRUE_WORDS = [
  'true',
  '1',
  'yes',
  't',
  'y',
  'on',
  '1.0',
  'wahr',
  'vrai',
  'verdadero',
  'vero',
  'verdadeiro',
  'waar',
];
const FALSE_WORDS = ['false', '0', 'no', 'f', 'n', 'off', '0.0', 'falsch', 'faux', 'falso', 'onwaar'];

/** A row follows the rules of {@link taskContent}, and takes more spellings of the boolean. */
const taskRow = taskContent.extend({
  isComplete: z.stringbool({ truthy: TRUE_WORDS, falsy: FALSE_WORDS }).default(false),
});

/** Why a column is refused, and what is accepted. */
const REFUSALS: Record<ColumnName, Pick<Refusal, 'code' | 'message'>> = {
  title: { code: 'TOO_LONG', message: `title is longer than ${TITLE_MAX} characters.` },
  detail: { code: 'TOO_LONG', message: `detail is longer than ${DETAIL_MAX} characters.` },
  dueAt: { code: 'INVALID_DATE', message: `dueAt is not ${INSTANT_FORMS}.` },
  isComplete: {
    code: 'INVALID_BOOLEAN',
    message: 'isComplete is neither true nor false. Allowed: true, false, yes, no, on, off, t, f, y, n, 1, 0.',
  },
};

/** Decides one row: gives the task's content, or the first fault in the order of the columns. */
export function decideRow(
  asRead: readonly (string | undefined)[],
  { timeZone }: RowOptions = {},
): Verdict<TaskContent, RowCode> {
  const values = timeZone === undefined ? asRead : inZone(asRead, timeZone);
  const damaged = TASK_COLUMNS.findIndex((_, index) => DAMAGED_TEXT.test(values[index] ?? ''));
  if (damaged >= 0) return { refusal: damagedText(damaged, values[damaged]) };
  const result = taskRow.safeParse(Object.fromEntries(TASK_COLUMNS.map(({ name }, index) => [name, values[index]])));
  if (result.success) return { row: result.data };
  const refused = new Set(result.error.issues.map(({ path }) => path[0]));
  const index = TASK_COLUMNS.findIndex(({ name }) => refused.has(name));
  const refusal = refusalOf(index, values[index]);
  return { refusal: index === DUE_AT ? { ...refusal, ...dueAtRefusal(values[index]!, timeZone) } : refusal };
}

/** Replaces a time without an offset by its instant in the zone. */
function inZone(asRead: readonly (string | undefined)[], timeZone: string): readonly (string | undefined)[] {
  const value = asRead[DUE_AT];
  if (value === undefined || parseInstant(value) !== undefined) return asRead;
  const local = parseLocalInstant(value, timeZone);
  return local && 'at' in local ? asRead.with(DUE_AT, local.at) : asRead;
}

/** Explains why a value is no instant, if it is a local time: it has no zone, an unknown zone, or no single instant. */
function dueAtRefusal(value: string, timeZone: string | undefined): Partial<Refusal> | undefined {
  if (timeZone === undefined || !isTimeZone(timeZone)) {
    if (parseLocalInstant(value, 'UTC') === undefined) return undefined;
    return timeZone === undefined ? NO_OFFSET : invalidTimeZone(timeZone);
  }
  const local = parseLocalInstant(value, timeZone);
  if (!local || 'at' in local) return undefined;
  const why =
    local.unclear === 'repeated' ? 'clocks are set back and show it twice' : 'clocks are set forward and skip it';
  return {
    code: 'UNCLEAR_TIME',
    message: `dueAt is not a single time in ${timeZone}: ${why}. Write it with its offset, such as 2026-01-31T08:00:00+01:00.`,
  };
}

const NO_OFFSET: Partial<Refusal> = {
  code: 'INVALID_DATE',
  message:
    'dueAt has no offset. Write one, such as 2026-01-31T08:00:00+01:00, or upload the file with its time zone, ' +
    'such as timeZone=Europe/Berlin.',
};

/** Only a fix file can name an unknown zone, in this cell of a row: the API checks the zone of an upload. */
const TIME_ZONE_COLUMN: FixFileColumn = '_time_zone';

const invalidTimeZone = (value: string): Refusal => ({
  column: TIME_ZONE_COLUMN,
  value,
  code: 'INVALID_TIME_ZONE',
  message: `${TIME_ZONE_COLUMN} is not ${TIME_ZONE_FORMS}. Write one, or write dueAt with its offset.`,
});

function refusalOf(index: number, value: string | undefined): Refusal {
  const column = TASK_COLUMNS[index]!.name;
  return value === undefined
    ? { column, code: 'REQUIRED', message: `${column} is empty. Every task needs one.` }
    : { column, value, ...REFUSALS[column] };
}

const damagedText = (index: number, value: string | undefined): Refusal => ({
  column: TASK_COLUMNS[index]!.name,
  ...(value !== undefined && { value }),
  code: 'INVALID_TEXT',
  message:
    'The text has lost characters: it holds a NUL, half a character, bytes that are not UTF-8, or U+FFFD in their place. ' +
    'Write it again.',
});

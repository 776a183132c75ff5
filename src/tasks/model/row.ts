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
 * Databases write t and f, pandas writes 1.0 and 0.0 beside an empty cell, spreadsheets write the words of their
 * language: German, French, Spanish, Italian, Portuguese and Dutch besides English.
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

/** A row keeps the rules of {@link taskContent}; only the boolean is spelled as programs and people spell it. */
const taskRow = taskContent.extend({
  isComplete: z.stringbool({ truthy: TRUE_WORDS, falsy: FALSE_WORDS }).default(false),
});

/** What a column can be refused for, and what would be accepted. */
const REFUSALS: Record<ColumnName, Pick<Refusal, 'code' | 'message'>> = {
  title: { code: 'TOO_LONG', message: `title is longer than ${TITLE_MAX} characters` },
  detail: { code: 'TOO_LONG', message: `detail is longer than ${DETAIL_MAX} characters` },
  dueAt: { code: 'INVALID_DATE', message: `dueAt is not ${INSTANT_FORMS}` },
  isComplete: {
    code: 'INVALID_BOOLEAN',
    message: 'isComplete is none of true, false, yes, no, on, off, t, f, y, n, 1, 0',
  },
};

/** Decides one row: the task's content, or the first thing that is wrong with it, in the order of the columns. */
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

/** The values, a time without an offset as the instant that it is in the zone. */
function inZone(asRead: readonly (string | undefined)[], timeZone: string): readonly (string | undefined)[] {
  const value = asRead[DUE_AT];
  if (value === undefined || parseInstant(value) !== undefined) return asRead;
  const local = parseLocalInstant(value, timeZone);
  return local && 'at' in local ? asRead.with(DUE_AT, local.at) : asRead;
}

/**
 * What is known besides of a time that is no instant: it lacks no more than its zone, or a zone that there is, or its
 * zone has it twice or not at all.
 */
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
    message: `dueAt is no single time in ${timeZone}: ${why}. Write it with its offset, such as 2026-01-31T08:00:00+01:00`,
  };
}

const NO_OFFSET: Partial<Refusal> = {
  code: 'INVALID_DATE',
  message: `${REFUSALS.dueAt.message}: it has no offset. Write one, or upload the file with its time zone, such as timeZone=Europe/Berlin`,
};

/** The zone of an upload is checked before it is stored; a fix file has the zone of each row in this cell. */
const TIME_ZONE_COLUMN: FixFileColumn = '_time_zone';

const invalidTimeZone = (value: string): Refusal => ({
  column: TIME_ZONE_COLUMN,
  value,
  code: 'INVALID_TIME_ZONE',
  message: `${TIME_ZONE_COLUMN} is not ${TIME_ZONE_FORMS}. Write one, or write dueAt with its offset`,
});

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

import type { CodeEntry } from './code.ts';

/** Codes of rows that did not become tasks. */
export const rowCodes = {
  REQUIRED: {
    in: ['row'],
    meaning: 'A required cell is empty.',
    cause: 'The cell holds nothing, blanks, invisible characters, `\\N`, or one of `nullWords`.',
    wayOut: 'Fill the cell.',
  },
  TOO_LONG: {
    in: ['row'],
    meaning: 'The text of a cell is longer than its column takes.',
    cause: 'A `title` has more than 100 characters, or a `detail` more than 1,000.',
    wayOut: 'Shorten the text.',
  },
  INVALID_DATE: {
    in: ['row'],
    meaning: 'The cell is not a date and time in a form that the service reads.',
    cause: 'It is not ISO 8601, has no offset, or names a day or an hour that does not exist.',
    wayOut:
      'Write a form such as `2026-01-31T08:00:00+01:00`. If only the offset is missing, upload the fix file with its `timeZone`.',
  },
  INVALID_TIME_ZONE: {
    in: ['row'],
    meaning: 'The cell `_time_zone` of a fix file is not a time zone.',
    cause: 'The cell was changed, and the time of the row has no offset.',
    wayOut:
      'Write a name of the IANA database such as `Europe/Berlin` or an offset such as `+01:00`, or write the time with its offset.',
  },
  UNCLEAR_TIME: {
    in: ['row'],
    meaning: 'The local time occurs twice in its time zone, or not at all.',
    cause: 'Clocks were set back or forward at that time.',
    wayOut: 'Write the time with its offset.',
  },
  INVALID_BOOLEAN: {
    in: ['row'],
    meaning: 'The cell is neither true nor false.',
    cause: '`isComplete` holds another word or number.',
    wayOut: 'Write `true` or `false`, or leave the cell empty for false.',
  },
  INVALID_TEXT: {
    in: ['row'],
    meaning: 'Characters of the cell are lost.',
    cause:
      'The cell holds a NUL, half a character, bytes that the encoding of the file does not have, or U+FFFD, which stands for such bytes.',
    wayOut:
      'Write the text again. If many rows have this code, the file has another encoding: delete its tasks, and upload it again with its `encoding`.',
  },
  TOO_MANY_FIELDS: {
    in: ['row'],
    meaning: 'The row has more cells than the header.',
    cause: 'The text of a cell contains the delimiter and has no quotes.',
    wayOut: 'Quote the cell. In a fix file, move the content of `_extra` to its column, and empty `_extra`.',
  },
  INVALID_QUOTES: {
    in: ['row', 'file'],
    meaning: 'Text follows the closing quote of a cell.',
    cause:
      'A quote within a quoted cell is not doubled. The row fails alone if it is certain where it ends; otherwise, and in the header, the whole file fails.',
    wayOut: 'Double each quote that belongs to the text: `"a 5"" nail"`. A backslash does not escape it.',
  },
  ROW_TOO_LARGE: {
    in: ['row'],
    meaning: 'The row has more than 64 KiB of text.',
    cause: 'A cell is very long, or a quote that is closed too late joins several rows.',
    wayOut: 'Shorten the cells, or empty them. U+FFFD marks where the fix file leaves text out.',
  },
  UNKNOWN_COLUMN: {
    in: ['row'],
    meaning: 'A line of JSON Lines has an unknown name, and the upload is strict.',
    cause: 'The name is misspelled, or the program writes more names than the service knows.',
    wayOut: 'Rename or remove it, or upload the fix file without `strict`.',
  },
  LINE_AND_COLUMNS: {
    in: ['row'],
    meaning: 'A row of a fix file has content both in `_json_line` and in its columns.',
    cause: 'Both were filled in, so the service cannot tell which one counts.',
    wayOut: 'Empty `_json_line` or the columns.',
  },
  INVALID_NULL_WORDS: {
    in: ['row'],
    meaning: 'The cell `_null_words` of a fix file is not a list of words.',
    cause: 'The cell was changed.',
    wayOut: 'Write a list such as `["NULL","NA"]`, or empty the cell.',
  },
  NOT_STORABLE: {
    in: ['row'],
    meaning: 'The database never accepts the row, although the row breaks no rule.',
    cause: 'The row is too large for an item, or holds a value that the database does not accept.',
    wayOut: 'Shorten or simplify the row, and report it: the rules should have refused it earlier.',
  },
  RETRIES_EXHAUSTED: {
    in: ['row'],
    meaning: 'The row was tried alone, and three workers in a row ended while they processed it.',
    cause:
      'Usually the workers lacked memory or time. Nothing is known to be wrong with the row. An outage does not lead to it.',
    wayOut:
      'Redrive the file, with `{"codes":["RETRIES_EXHAUSTED"]}` if other rows failed too. If it happens again, report the row.',
  },
} as const satisfies Record<string, CodeEntry>;

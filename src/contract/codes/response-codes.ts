import type { CodeEntry } from './code.ts';

/** Codes in responses about files that did not fail: warnings, and differences that a verification found. */
export const responseCodes = {
  SAME_CONTENT: {
    in: ['warning'],
    meaning: 'An earlier upload had the same bytes.',
    cause: 'The same file was uploaded again without an `Idempotency-Key`. Each good row becomes a second task.',
    wayOut:
      'If that was a mistake, cancel the file and delete its tasks. To correct a file, upload only its fix file. Send an `Idempotency-Key` to repeat a request safely.',
  },
  SAME_ROWS: {
    in: ['warning'],
    meaning: 'Most of the first rows of the file are also in an earlier file.',
    cause:
      'A whole file was corrected and uploaded again, or an export repeats rows. Each row that was imported before becomes a second task.',
    wayOut: 'If that was a mistake, cancel the file and delete its tasks. To correct a file, upload only its fix file.',
  },
  COLUMNS_IGNORED: {
    in: ['warning'],
    meaning: 'Columns of the header are not known and have no effect.',
    cause:
      'A name is misspelled, or the file has more columns than the service knows. `likely` is what a name may mean.',
    wayOut:
      'If a column matters, cancel the file, delete its tasks, rename the column and upload the file again. `strict=true` refuses such files.',
  },
  LINES_SKIPPED: {
    in: ['warning'],
    meaning: 'Lines above the header were skipped.',
    cause: 'The file has a title or a caption above the table.',
    wayOut: 'Check that the line that the message names is the header.',
  },
  ROW_NAMES_IGNORED: {
    in: ['warning'],
    meaning: 'The first column has no title and was ignored.',
    cause: 'R and pandas write row names or an index in front of the columns.',
    wayOut:
      'If they are row names, do nothing. If the cells matter, cancel the file, delete its tasks, give the column a title and upload the file again.',
  },
  ENCODING_ASSUMED: {
    in: ['warning'],
    meaning: 'The file is not UTF-8 and was read as Windows-1252.',
    cause: 'The upload does not name its encoding, and its bytes allow several.',
    wayOut:
      'Check some tasks. If letters are wrong, cancel the file, delete its tasks, and upload it again with its `encoding`.',
  },
  NEITHER: {
    in: ['finding'],
    meaning: 'The row of a `COMPLETED` file has neither a task nor a failure.',
    cause: 'Stored data was removed without the API. A task that a caller deleted does not count as missing.',
    wayOut: 'Report it: the promise of one outcome per row is broken.',
  },
  BOTH: {
    in: ['finding'],
    meaning: 'The row has both a task and a failure.',
    cause: 'Stored data was changed without the API.',
    wayOut: 'Report it: the promise of one outcome per row is broken.',
  },
} as const satisfies Record<string, CodeEntry>;

import type { CodeEntry } from './code.ts';

/** Codes of files and redrives that ended `FAILED`. */
export const fileCodes = {
  EMPTY_FILE: {
    in: ['file'],
    meaning: 'The file is empty.',
    cause: 'It has no content or only blank lines, often because an export found no data.',
    wayOut: 'Upload a file whose first line names the columns.',
  },
  NOT_TEXT: {
    in: ['file'],
    meaning: 'The file is not text.',
    cause:
      'It is a workbook, a PDF, an archive or another binary file, or text in UTF-32, or UTF-16 without a mark or in a text body.',
    wayOut: 'Save its table as "CSV UTF-8" and upload that. Send UTF-16 as `application/octet-stream`.',
  },
  UNKNOWN_ENCODING: {
    in: ['file'],
    meaning: 'The file is neither UTF-8 nor Windows-1252, and the upload does not name its encoding.',
    cause: 'It comes from a program or a system with another encoding.',
    wayOut: 'Upload it with its `encoding`, such as `encoding=shift_jis`, or save it as UTF-8.',
  },
  NOT_JSON_LINES: {
    in: ['file'],
    meaning: 'The file is one JSON array.',
    cause: 'The program wrote a JSON document, not JSON Lines.',
    wayOut: 'Write each object on a line of its own, without brackets around them and commas between them.',
  },
  DRAWN_TABLE: {
    in: ['file'],
    meaning: 'The file is a table that a program drew for people, with lines of dashes.',
    cause: 'The output of psql, mysql or sqlcmd, or a Markdown table, was saved unchanged.',
    wayOut: 'Export CSV, with `psql --csv` or `.mode csv` of sqlite3, for example.',
  },
  LINE_ENDS_MISSING: {
    in: ['file'],
    meaning: 'The whole file is one line, in which data follows the names of the columns.',
    cause: 'The line ends were lost on the way, most often because of `curl -d`.',
    wayOut: 'Send the file with `curl --data-binary`.',
  },
  UNCLEAR_COLUMNS: {
    in: ['file'],
    meaning: 'It is not clear which cell belongs to which column.',
    cause:
      'Each row has one cell more than the header, begins with its number and ends with an empty cell. The first cell may be a row name, or the last delimiter may be one too many.',
    wayOut: 'Name the first column, or remove the delimiters at the ends of the rows.',
  },
  MISSING_COLUMN: {
    in: ['file'],
    meaning: 'The header lacks a required column.',
    cause: 'The first line names no columns, names them in other words, or has another delimiter.',
    wayOut:
      'Rename the column as the message says. If the upload named a `delimiter` or an `encoding`, name the right one or leave it out.',
  },
  DUPLICATE_COLUMN: {
    in: ['file'],
    meaning: 'The header names the same column twice.',
    cause: 'Two names have the same letters and digits, such as `dueAt` and `Due At`.',
    wayOut: 'Rename the one that should not count.',
  },
  UNKNOWN_COLUMNS: {
    in: ['file'],
    meaning: 'The header has columns that are not known, and the upload is strict.',
    cause: 'A name is misspelled, or the file has more columns than the service knows.',
    wayOut: 'Rename or remove the columns, or upload the file without `strict`.',
  },
  TOO_MANY_COLUMNS: {
    in: ['file'],
    meaning: 'The header has more than 1,000 columns.',
    cause: 'The table is wide, or its line ends are lost.',
    wayOut: 'Remove the columns that are not needed.',
  },
  RECORD_TOO_LARGE: {
    in: ['file'],
    meaning: 'A record is too long: its end was not found within 1 MiB, or it is a header of more than 64 KiB.',
    cause: 'Usually a quote is never closed. Otherwise the file has one very long line, or 1 MiB of blank lines.',
    wayOut:
      'The first `recordCount` rows are processed: repair the line that the message names, and upload the rows after them, with the header.',
  },
  UNCLOSED_QUOTE: {
    in: ['file'],
    meaning: 'A quote opens and is never closed.',
    cause: 'The closing quote is missing, or the file was cut off.',
    wayOut:
      'The first `recordCount` rows are processed: repair the line that the message names, and upload the rows after them, with the header.',
  },
  DAMAGED_GZIP: {
    in: ['file'],
    meaning: 'The file begins as gzip, but cannot be decoded to its end.',
    cause: 'It was cut off or changed on its way, or other data follows the compressed data.',
    wayOut:
      'Compress it again. If `recordCount` is not 0, its first `recordCount` rows are processed already: upload only the others.',
  },
  DECODED_TOO_LARGE: {
    in: ['file'],
    meaning: 'The compressed file holds more than 1 GiB.',
    cause: 'A compressed file can only be read from its beginning, so its size is limited.',
    wayOut: 'Upload the other rows uncompressed: the first `recordCount` rows are processed already.',
  },
  COMPRESSION_RATIO_TOO_HIGH: {
    in: ['file'],
    meaning: 'The compressed file decodes to more than 200 times its size.',
    cause: 'It is a decompression bomb, or its rows are nearly identical.',
    wayOut: 'If the rows are real, upload the others uncompressed: the first `recordCount` rows are processed already.',
  },
  SOURCE_CHANGED: {
    in: ['file', 'redrive'],
    meaning: 'The object was replaced while the service read it.',
    cause: 'A caller put other content under the same key.',
    wayOut:
      'The new content has a task file of its own. To finish this one, put the first content back and redrive the file. If a redrive has this code, upload the fix file.',
  },
  SOURCE_MISSING: {
    in: ['file', 'redrive'],
    meaning: 'The object was deleted before the service had read it to its end.',
    cause: 'A caller deleted it, or a lifecycle rule of the bucket did.',
    wayOut:
      'Put the same bytes under the same key and redrive the file: it continues where it stopped. If a redrive has this code, upload the fix file.',
  },
  TOO_MANY_FAILURES: {
    in: ['file'],
    meaning: 'The service stopped the file because more rows failed than it tolerates.',
    cause: 'The limit is `toleratedFailurePercentage` or `toleratedFailureCount` of the upload, or of the deployment.',
    wayOut:
      'Repair the fix file and upload it. `unprocessedCount` rows that were read are neither tasks nor failures: find them by `GET /task-files/{id}/tasks` and `/failures`, and upload them with the rows after row `recordCount` + 1.',
  },
  SPLIT_RETRIES_EXHAUSTED: {
    in: ['file', 'redrive'],
    meaning: 'Three invocations of the splitter in a row ended while they read this file alone.',
    cause:
      'Usually the splitter lacked memory or time. Nothing is known to be wrong with the file. An outage does not lead to it.',
    wayOut: 'Redrive the file: it continues with the row where it stopped. If it happens again, report the file.',
  },
  UPLOAD_EXPIRED: {
    in: ['file'],
    meaning: 'The content of the file never arrived.',
    cause: 'The request was cut off and not repeated for an hour, or a presigned upload was not complete within a day.',
    wayOut: 'Upload the file again.',
  },
} as const satisfies Record<string, CodeEntry>;

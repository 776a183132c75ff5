import type { CodeEntry } from './code.ts';

/** Codes of refused requests. */
export const requestCodes = {
  VALIDATION_FAILED: {
    in: ['problem'],
    meaning: 'The request breaks a rule of its route.',
    cause:
      'A field of the body, the form, the query or the headers is missing, unknown, given twice, or has a value that is not allowed.',
    wayOut: 'Read `errors`: each entry names one field and what it accepts. If there are no entries, read `detail`.',
  },
  INVALID_JSON: {
    in: ['problem', 'row'],
    meaning: 'The text is not the JSON that is expected there.',
    cause:
      'In a request: the body is empty, is not UTF-8, or is not JSON. In a row: the line of a JSON Lines file is not one object, names a column twice, or has a list or an object as the value of a column.',
    wayOut:
      'In a request: send one JSON document in UTF-8. In a row: write one object with plain values on the line, such as `{"title":"Call Bob"}`.',
  },
  INVALID_CURSOR: {
    in: ['problem'],
    meaning: 'The `cursor` is not one of this list.',
    cause:
      'The cursor was shortened or changed, or it belongs to another list: another path, another file, or another filter.',
    wayOut: 'Use the URL in the `Link` header unchanged, or start without a cursor.',
  },
  ROUTE_NOT_FOUND: {
    in: ['problem'],
    meaning: 'The API has nothing at this path.',
    cause: 'The path is misspelled.',
    wayOut: 'Compare the path with the table of routes. `GET /` shows requests to try.',
  },
  TASK_NOT_FOUND: {
    in: ['problem'],
    meaning: 'There is no task with this id.',
    cause: 'The task was deleted, its row is not processed yet, or the id is mistyped or not a UUID.',
    wayOut: 'Find the id in `GET /tasks` or `GET /task-files/{id}/tasks`.',
  },
  TASK_FILE_NOT_FOUND: {
    in: ['problem'],
    meaning: 'There is no task file with this id.',
    cause:
      'The id is mistyped or not a UUID. An object that was put straight into the bucket gets its task file a moment later.',
    wayOut: 'Find the id in `GET /task-files`.',
  },
  NO_FAILED_ROWS: {
    in: ['problem'],
    meaning: 'The task file has no failed rows, so it has no fix file.',
    cause: 'No row failed, or a redrive imported each failed row.',
    wayOut: 'There is nothing to repair. If the file itself is `FAILED`, its `failure` says what to do.',
  },
  METHOD_NOT_ALLOWED: {
    in: ['problem'],
    meaning: 'The path exists, but not for this method.',
    cause: 'The request has the wrong method, or the path of another route.',
    wayOut: 'Use one of the methods that the `Allow` header names.',
  },
  REPORT_PENDING: {
    in: ['problem'],
    meaning: 'The fix file is not written yet.',
    cause: 'The service writes it a moment after the end of the file, and again after each redrive.',
    wayOut: 'Ask again after the seconds in `Retry-After`, or wait until `GET /task-files/{id}` has `reportedAt`.',
  },
  STILL_RUNNING: {
    in: ['problem'],
    meaning: 'The task file, or a redrive of it, has not ended.',
    cause: 'Fix files and verifications need the final outcome of every row.',
    wayOut: 'Wait until `status` is `COMPLETED`, `FAILED` or `CANCELLED`, for the file and for its latest redrive.',
  },
  NOT_CANCELLABLE: {
    in: ['problem'],
    meaning: 'The task file can no longer be cancelled.',
    cause: 'It has ended, or every row already has its outcome.',
    wayOut: 'There is nothing left to stop. To undo its tasks, delete them.',
  },
  NOT_REDRIVABLE: {
    in: ['problem'],
    meaning: 'The task file cannot be redriven as the request asks.',
    cause:
      'The file or another redrive of it is still running, no row has failed, no failed row has one of the `codes`, the file resumes as a whole and takes no `codes`, its latest redrive failed permanently, or it had 100 redrives.',
    wayOut: '`detail` names the reason: wait for the end, change `codes`, or repair the fix file and upload it.',
  },
  NOT_IN_PARTS: {
    in: ['problem'],
    meaning: 'The content of this task file is not uploaded in parts.',
    cause: 'The file has at most 8 MiB and one URL, came in the request itself, or was put straight into the bucket.',
    wayOut: 'Put the content to the one URL in `upload`. Its processing then starts without another request.',
  },
  PARTS_MISSING: {
    in: ['problem'],
    meaning: 'The upload cannot be completed: parts are missing or have the wrong length.',
    cause: 'A PUT failed or never started.',
    wayOut:
      'Put the parts that `detail` names again, with URLs from `POST /task-files/{id}/parts`, and complete the upload again.',
  },
  UPLOAD_NOT_OPEN: {
    in: ['problem'],
    meaning: 'The task file takes no more content.',
    cause: 'Its content is complete, or the upload was cancelled or expired.',
    wayOut: 'Read `status`. If the content was not complete, start a new upload.',
  },
  REPORT_EXPIRED: {
    in: ['problem'],
    meaning: 'The fix file has been deleted.',
    cause: 'The bucket keeps fix files for a limited time.',
    wayOut: '`GET /task-files/{id}/failures` still lists the failed rows. A redrive writes a new fix file.',
  },
  PRECONDITION_FAILED: {
    in: ['problem'],
    meaning: 'A condition in `If-Match` or `If-None-Match` does not hold.',
    cause: 'The task has changed since you read it, or the condition is about a list, which has no ETag.',
    wayOut: 'Read the task again and repeat the request with its new `ETag`. In a `POST`, leave the header out.',
  },
  PAYLOAD_TOO_LARGE: {
    in: ['problem'],
    meaning: 'The body is larger than the route takes.',
    cause: 'A file of more than 4 MiB came in the request itself.',
    wayOut: 'Ask for upload URLs: send `fileName` and `contentLength` as JSON.',
  },
  FILE_TOO_LARGE: {
    in: ['problem'],
    meaning: 'The file is larger than the service takes.',
    cause: '`contentLength` is more than 5,000 GiB.',
    wayOut: 'Split the file and upload its pieces, each with the header.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    in: ['problem'],
    meaning: 'The route does not take this `Content-Type`.',
    cause: 'The header is missing or wrong. Many clients set their own if you do not.',
    wayOut: 'Set one of the types that `detail` names.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    in: ['problem'],
    meaning: 'This `Idempotency-Key` belongs to another request.',
    cause: 'The key was sent before with another body, file name or option.',
    wayOut: 'Repeat the first request unchanged to get its result, or send this one with a new key.',
  },
  INTERNAL: {
    in: ['problem'],
    meaning: 'The service failed.',
    cause: 'The service has a fault.',
    wayOut:
      'Try again; a request with an `Idempotency-Key` has one effect. If it fails again, report the `requestId`: the log has the error under it.',
  },
  UNAVAILABLE: {
    in: ['problem'],
    meaning: 'The service is not available at the moment.',
    cause: 'A table or the bucket is overloaded or slow. The request may have taken effect.',
    wayOut: 'Send the same request again after the seconds in `Retry-After`.',
  },
} as const satisfies Record<string, CodeEntry>;

import * as z from 'zod';
import type { CodeIn } from './codes/catalogue.ts';

export type ProblemCode = CodeIn<'problem'>;

interface ProblemForm {
  readonly status: number;
  readonly title: string;
}

/**
 * Every code with which a request can be refused, with its HTTP status and title (RFC 9457). The catalogue explains
 * each.
 */
export const problems = {
  VALIDATION_FAILED: { status: 400, title: 'The request breaks a rule' },
  INVALID_JSON: { status: 400, title: 'The body is not JSON' },
  INVALID_CURSOR: { status: 400, title: 'The cursor is not one of this list' },
  ROUTE_NOT_FOUND: { status: 404, title: 'No such route' },
  TASK_NOT_FOUND: { status: 404, title: 'No such task' },
  TASK_FILE_NOT_FOUND: { status: 404, title: 'No such task file' },
  NO_FAILED_ROWS: { status: 404, title: 'The task file has no failed rows' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'No such method at this path' },
  REPORT_PENDING: { status: 409, title: 'The report is not written yet' },
  STILL_RUNNING: { status: 409, title: 'The task file is still running' },
  NOT_CANCELLABLE: { status: 409, title: 'The task file cannot be cancelled' },
  NOT_REDRIVABLE: { status: 409, title: 'The task file cannot be redriven' },
  NOT_IN_PARTS: { status: 409, title: 'The task file is not uploaded in parts' },
  PARTS_MISSING: { status: 409, title: 'Parts of the upload are missing' },
  UPLOAD_NOT_OPEN: { status: 409, title: 'The upload is closed' },
  REPORT_EXPIRED: { status: 410, title: 'The report has been deleted' },
  PRECONDITION_FAILED: { status: 412, title: 'A precondition does not hold' },
  PAYLOAD_TOO_LARGE: { status: 413, title: 'The body is too large' },
  FILE_TOO_LARGE: { status: 413, title: 'The file is too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'The route does not take this content type' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, title: 'The idempotency key belongs to another request' },
  INTERNAL: { status: 500, title: 'The service failed' },
  UNAVAILABLE: { status: 503, title: 'The service is not available' },
} as const satisfies Record<ProblemCode, ProblemForm>;

export const fieldError = z.object({ path: z.string(), message: z.string() });
export type FieldError = z.infer<typeof fieldError>;

/** A problem (RFC 9457). `errors` names each refused field by its dotted path in the body, query, path or headers. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string().optional(),
  requestId: z.string().optional(),
  errors: z.array(fieldError).optional(),
});
export type Problem = z.infer<typeof problem>;

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type * as z from 'zod';
import {
  CursorError,
  PROBLEM_CONTENT_TYPE,
  problems,
  type FieldError,
  type Problem,
  type ProblemCode,
} from '../../contract/index.ts';
import { isUnavailable } from '../../aws/index.ts';
import { TaskError } from '../../tasks/index.ts';

/** A request that is refused before a use case sees it. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: ProblemCode;
  readonly errors: readonly FieldError[] | undefined;

  constructor(code: ProblemCode, message: string, errors?: readonly FieldError[]) {
    super(message);
    this.code = code;
    this.errors = errors;
  }
}

/** `where` is body, query or header; the path of each issue follows it. */
export const invalid = (where: string, error: z.ZodError): RequestError =>
  new RequestError(
    'VALIDATION_FAILED',
    `The ${where} breaks ${error.issues.length === 1 ? 'a rule' : `${error.issues.length} rules`}; each is named in "errors".`,
    error.issues.map(({ path, message }) => ({ path: [where, ...path].join('.'), message })),
  );

/** A table that is asked for too much has room again in the next second; whoever comes back a little later finds it. */
const RETRY_AFTER_SECONDS = 5;

/**
 * Problems that pass by themselves, and after how many seconds a request is worth repeating. Most reports are written
 * within one.
 */
const PASSING: ReadonlyMap<string, number> = new Map<ProblemCode, number>([
  ['UNAVAILABLE', RETRY_AFTER_SECONDS],
  ['REPORT_PENDING', 1],
]);

/** The problem to answer an error with; undefined for one that nobody foresaw. */
export function problemOf(error: unknown, requestId: string): Problem | undefined {
  if (error instanceof RequestError) return problem(error.code, requestId, error.message, error.errors);
  if (error instanceof TaskError) return problem(error.code, requestId, error.message);
  if (error instanceof CursorError) return problem('INVALID_CURSOR', requestId, error.message);
  if (isUnavailable(error)) {
    return problem(
      'UNAVAILABLE',
      requestId,
      `Too much is going on at the moment. Try again in ${RETRY_AFTER_SECONDS} s.`,
    );
  }
  return undefined;
}

/** A problem without a stack, a name of ours or anything that a person has not sent. */
export const problem = (
  code: ProblemCode,
  requestId: string,
  detail?: string,
  errors?: readonly FieldError[],
): Problem => ({
  type: 'about:blank',
  ...problems[code],
  code,
  ...(detail !== undefined && { detail }),
  requestId,
  ...(errors && { errors: [...errors] }),
});

export const toResponse = (body: Problem): APIGatewayProxyStructuredResultV2 => {
  const seconds = PASSING.get(body.code);
  return {
    statusCode: body.status,
    headers: {
      'content-type': PROBLEM_CONTENT_TYPE,
      ...(seconds !== undefined && { 'retry-after': String(seconds) }),
    },
    body: JSON.stringify(body),
  };
};

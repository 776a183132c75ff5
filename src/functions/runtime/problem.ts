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

/** Refuses the part of a request, `where`, with the path of each issue in it. */
export const toValidationError = (where: string, error: z.ZodError): RequestError =>
  new RequestError(
    'VALIDATION_FAILED',
    `The ${where} breaks ${error.issues.length === 1 ? 'a rule' : `${error.issues.length} rules`}; each is named in "errors".`,
    error.issues.map(({ path, message }) => ({ path: [where, ...path].join('.'), message })),
  );

/** A table that throttles has capacity again in the next second. */
const RETRY_AFTER_SECONDS = 5;

/** Some problems pass by themselves; a request is worth repeating after so many seconds. Most reports need one. */
const PASSING: ReadonlyMap<string, number> = new Map<ProblemCode, number>([
  ['UNAVAILABLE', RETRY_AFTER_SECONDS],
  ['REPORT_PENDING', 1],
]);

/** Turns an error into a problem; undefined for an unexpected error. */
export function toProblem(error: unknown, requestId: string): Problem | undefined {
  if (error instanceof RequestError) return createProblem(error.code, requestId, error.message, error.errors);
  if (error instanceof TaskError) return createProblem(error.code, requestId, error.message);
  if (error instanceof CursorError) return createProblem('INVALID_CURSOR', requestId, error.message);
  if (isUnavailable(error)) {
    return createProblem('UNAVAILABLE', requestId, `The service is busy. Try again in ${RETRY_AFTER_SECONDS} s.`);
  }
  return undefined;
}

/** Makes a problem. It has no stack, no name from the code, and no value that the caller has not sent. */
export const createProblem = (
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

import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { methodsAt } from '../../contract/index.ts';
import { toResponse, problem } from './problem.ts';

/** What a path takes, as a header says it; `OPTIONS` is answered wherever there is something. */
export const allowOf = (methods: readonly string[]): { allow: string } => ({
  allow: [...methods, 'OPTIONS'].toSorted().join(', '),
});

/**
 * The refusal of a method that a path does not take; undefined if it takes it, or is none of the API. The gateway hands
 * `GET /tasks/upload` to the route of one task, as if `upload` were an id.
 */
export function methodRefusal({
  requestContext,
}: APIGatewayProxyEventV2): APIGatewayProxyStructuredResultV2 | undefined {
  const { method, path } = requestContext.http;
  const methods: readonly string[] = methodsAt(path);
  if (methods.length === 0 || methods.includes(method)) return undefined;
  const headers = allowOf(methods);
  const detail = `There is no ${method} ${path}; this path takes ${headers.allow}.`;
  const refused = toResponse(problem('METHOD_NOT_ALLOWED', requestContext.requestId, detail));
  return { ...refused, headers: { ...refused.headers, ...headers } };
}

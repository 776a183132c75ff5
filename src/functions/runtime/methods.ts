import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { methodsAt } from '../../contract/index.ts';
import { toResponse, createProblem } from './problem.ts';

/** The Allow header of a path. Every path of the API takes `OPTIONS`. */
export const toAllowHeader = (methods: readonly string[]): { allow: string } => ({
  allow: [...methods, 'OPTIONS'].toSorted().join(', '),
});

/**
 * Refuses a method that the path does not take; undefined if it takes it, or is no path of the API. The gateway sends
 * `GET /tasks/upload` to the route of one task, as if `upload` were an id.
 */
export function refuseMethod({
  requestContext,
}: APIGatewayProxyEventV2): APIGatewayProxyStructuredResultV2 | undefined {
  const { method, path } = requestContext.http;
  const methods: readonly string[] = methodsAt(path);
  if (methods.length === 0 || methods.includes(method)) return undefined;
  const headers = toAllowHeader(methods);
  const detail = `There is no ${method} ${path}; this path takes ${headers.allow}.`;
  const refused = toResponse(createProblem('METHOD_NOT_ALLOWED', requestContext.requestId, detail));
  return { ...refused, headers: { ...refused.headers, ...headers } };
}

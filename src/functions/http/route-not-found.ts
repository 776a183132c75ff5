import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { methodsAt, SERVICE_PATH } from '../../contract/index.ts';
import { headLikeGet } from '../runtime/head-like-get.ts';
import { answerOf, problem } from '../runtime/problem.ts';
import { servicePage } from '../runtime/service-page.ts';

/** `$default`: every request that no route takes. */
export const handler = headLikeGet(async (event) => answer(event));

function answer(event: APIGatewayProxyEventV2): APIGatewayProxyStructuredResultV2 {
  const { requestContext } = event;
  const { method, path } = requestContext.http;
  const methods: readonly string[] = methodsAt(path);
  const headers = { allow: [...methods, 'OPTIONS'].toSorted().join(', ') };
  if (methods.length > 0 && method === 'OPTIONS') return { statusCode: 204, headers };
  if (path === SERVICE_PATH && methods.includes(method)) return servicePage(event);
  const missing = `There is no ${method} ${path}`;
  if (methods.length === 0 || methods.includes(method)) {
    return answerOf(problem('ROUTE_NOT_FOUND', requestContext.requestId, `${missing}.`));
  }
  const refused = answerOf(
    problem('METHOD_NOT_ALLOWED', requestContext.requestId, `${missing}; this path takes ${headers.allow}.`),
  );
  return { ...refused, headers: { ...refused.headers, ...headers } };
}

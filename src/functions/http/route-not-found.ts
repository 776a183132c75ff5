import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { methodsAt, SERVICE_PATH } from '../../contract/index.ts';
import { headLikeGet } from '../runtime/head-like-get.ts';
import { allowOf, methodRefusal } from '../runtime/methods.ts';
import { toResponse, problem } from '../runtime/problem.ts';
import { servicePage } from '../runtime/service-page.ts';

/** `$default`: every request that no route takes. */
export const handler = headLikeGet(async (event) => answer(event));

function answer(event: APIGatewayProxyEventV2): APIGatewayProxyStructuredResultV2 {
  const { requestContext } = event;
  const { method, path } = requestContext.http;
  const methods: readonly string[] = methodsAt(path);
  if (methods.length > 0 && method === 'OPTIONS') return { statusCode: 204, headers: allowOf(methods) };
  if (path === SERVICE_PATH && methods.includes(method)) return servicePage(event);
  return (
    methodRefusal(event) ??
    toResponse(problem('ROUTE_NOT_FOUND', requestContext.requestId, `There is no ${method} ${path}.`))
  );
}

import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { methodsAt, SERVICE_PATH } from '../../contract/index.ts';
import { headLikeGet } from '../runtime/head-like-get.ts';
import { toAllowHeader, refuseMethod } from '../runtime/methods.ts';
import { toResponse, createProblem } from '../runtime/problem.ts';
import { toServicePage } from '../runtime/service-page.ts';

/** The gateway sends every request here that no route takes. */
export const handler = headLikeGet(async (event) => respond(event));

function respond(event: APIGatewayProxyEventV2): APIGatewayProxyStructuredResultV2 {
  const { requestContext } = event;
  const { method, path } = requestContext.http;
  const methods: readonly string[] = methodsAt(path);
  if (methods.length > 0 && method === 'OPTIONS') return { statusCode: 204, headers: toAllowHeader(methods) };
  if (path === SERVICE_PATH && methods.includes(method)) return toServicePage(event);
  return (
    refuseMethod(event) ??
    toResponse(createProblem('ROUTE_NOT_FOUND', requestContext.requestId, `There is no ${method} ${path}.`))
  );
}

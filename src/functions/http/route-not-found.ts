import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { answerOf, problem } from '../runtime/problem.ts';

/** `$default`: every request that no route takes. */
export async function handler({ requestContext }: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const { method, path } = requestContext.http;
  return answerOf(problem('ROUTE_NOT_FOUND', requestContext.requestId, `There is no ${method} ${path}.`));
}

import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

type Handler<Rest extends readonly unknown[]> = (
  event: APIGatewayProxyEventV2,
  ...rest: Rest
) => Promise<APIGatewayProxyStructuredResultV2>;

/** Responds to HEAD as to GET, without the body. */
export const headLikeGet =
  <Rest extends readonly unknown[]>(handler: Handler<Rest>): Handler<Rest> =>
  async (event, ...rest) => {
    const { body, ...response } = await handler(event, ...rest);
    const isHead = event.requestContext.http.method === 'HEAD';
    return body === undefined || isHead ? response : { ...response, body };
  };

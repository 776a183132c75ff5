import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { routes, type Page, type Problem, type Route, type RouteName, type RouteShape } from '../../contract/index.ts';
import type * as z from 'zod';
import { headLikeGet } from './head-like-get.ts';
import { toErrorFields, log } from './log.ts';
import { refuseMethod } from './methods.ts';
import { toResponse, createProblem, toProblem } from './problem.ts';
import { sealCursor } from './page-cursor.ts';
import { parseRequest, type Request } from './request.ts';
import { limitTime } from './time-limit.ts';

type ResponseJson<Name extends RouteName> =
  Route<Name> extends { readonly response: infer Schema extends z.ZodType } ? z.input<Schema> : undefined;

/** The result of a use case. */
export interface Result<Name extends RouteName> {
  readonly body: ResponseJson<Name>;
  /** Differs from the status of the route. */
  readonly status?: NonNullable<RouteShape['otherStatus']>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The caller finds the result at another URL, or has it already. */
export interface Redirection {
  readonly statusCode: 303 | 304;
  readonly headers: Readonly<Record<string, string>>;
}

export const redirectTo = (location: string): Redirection => ({
  statusCode: 303,
  headers: { location, ...NOT_STORED },
});

export const toNotModified = (etag: string): Redirection => ({ statusCode: 304, headers: { etag } });

/** For links, which are for one caller and for a few minutes. */
export const NOT_STORED = { 'cache-control': 'no-store' } as const;

type Time = Pick<Context, 'getRemainingTimeInMillis'>;

export type HttpHandler = (event: APIGatewayProxyEventV2, context: Time) => Promise<APIGatewayProxyStructuredResultV2>;

/** Time reserved for the response: if Lambda ends the function, the caller gets a 500 from the gateway. */
const RESERVE_MILLISECONDS = 1_000;

/**
 * Makes the entry point of a route: it checks the request, calls `respond`, and turns every error into a problem. If
 * services do not respond until the time is nearly up, the problem says that they are unavailable. The request may
 * still take effect, as if its response were lost. In both cases the caller sends it again.
 */
export function httpHandler<Name extends RouteName>(
  name: Name,
  respond: (request: Request<Name>) => Promise<Result<Name> | Redirection>,
): HttpHandler {
  const route: RouteShape = routes[name];
  return headLikeGet(async function handler(event: APIGatewayProxyEventV2, context: Time) {
    const { requestId } = event.requestContext;
    const refusal = refuseMethod(event);
    if (refusal) return refusal;
    try {
      const time = context.getRemainingTimeInMillis() - RESERVE_MILLISECONDS;
      const result = await limitTime(time, respond(parseRequest(route, event)));
      if ('statusCode' in result) return result;
      const { body, headers, status = route.status } = result;
      if (body === undefined) return { statusCode: status, ...(headers && { headers }) };
      return {
        statusCode: status,
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      };
    } catch (error) {
      return toResponse(logAndDescribe(name, requestId, error));
    }
  });
}

/** Turns an error into a problem, and logs it if the operator should look into it. */
function logAndDescribe(route: RouteName, requestId: string, error: unknown): Problem {
  const known = toProblem(error, requestId);
  if (known?.code === 'UNAVAILABLE') log.warn('request_unavailable', { route, requestId, ...toErrorFields(error) });
  if (known) return known;
  log.error('request_failed', { route, requestId, ...toErrorFields(error) });
  return createProblem(
    'INTERNAL',
    requestId,
    'The request failed. Try again; if it keeps failing, report the request id.',
  );
}

/** Responds with a page as a plain array. The Link header leads to the next one (RFC 8288). */
export function toPageResponse<T>(
  { items, cursor }: Page<T>,
  event: APIGatewayProxyEventV2,
): { body: T[]; headers?: Record<string, string> } {
  if (cursor === undefined) return { body: [...items] };
  const query = new URLSearchParams(event.queryStringParameters as Record<string, string>);
  query.set('cursor', sealCursor(event, cursor));
  return { body: [...items], headers: { link: `<${event.rawPath}?${query.toString()}>; rel="next"` } };
}

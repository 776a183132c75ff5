import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { routes, type Page, type Problem, type Route, type RouteName, type RouteShape } from '../../contract/index.ts';
import type * as z from 'zod';
import { headLikeGet } from './head-like-get.ts';
import { fieldsOfError, log } from './log.ts';
import { methodRefusal } from './methods.ts';
import { toResponse, problem, problemOf } from './problem.ts';
import { sealCursor } from './page-cursor.ts';
import { parseRequest, type Request } from './request.ts';
import { finishedWithin } from './time-limit.ts';

type ResponseJson<Name extends RouteName> =
  Route<Name> extends { readonly response: infer Schema extends z.ZodType } ? z.input<Schema> : undefined;

/** What a use case came to. */
export interface Answer<Name extends RouteName> {
  readonly body: ResponseJson<Name>;
  /** If it is not the route's. */
  readonly status?: NonNullable<RouteShape['otherStatus']>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What was asked for lies elsewhere, or the caller has it already. */
export interface Elsewhere {
  readonly statusCode: 303 | 304;
  readonly headers: Readonly<Record<string, string>>;
}

export const seeOther = (location: string): Elsewhere => ({ statusCode: 303, headers: { location, ...NOT_STORED } });

export const notModified = (etag: string): Elsewhere => ({ statusCode: 304, headers: { etag } });

/** For links, which are for one person and for a few minutes. */
export const NOT_STORED = { 'cache-control': 'no-store' } as const;

type Time = Pick<Context, 'getRemainingTimeInMillis'>;

export type HttpHandler = (event: APIGatewayProxyEventV2, context: Time) => Promise<APIGatewayProxyStructuredResultV2>;

/** Time kept back for the answer: a function that is ended answers nothing, and the gateway says 500. */
const RESERVE_MILLISECONDS = 1_000;

/**
 * The entry point of a route: checks the request, calls `respond`, and turns every refusal into a problem. If services
 * leave it waiting until the time is nearly up, the answer is that they are unavailable. The request may be carried out
 * all the same, as one whose answer was lost; a caller who sends it again does what is to be done after such a loss.
 */
export function httpHandler<Name extends RouteName>(
  name: Name,
  respond: (request: Request<Name>) => Promise<Answer<Name> | Elsewhere>,
): HttpHandler {
  const route: RouteShape = routes[name];
  return headLikeGet(async function handler(event: APIGatewayProxyEventV2, context: Time) {
    const { requestId } = event.requestContext;
    const refusal = methodRefusal(event);
    if (refusal) return refusal;
    try {
      const time = context.getRemainingTimeInMillis() - RESERVE_MILLISECONDS;
      const answer = await finishedWithin(time, respond(parseRequest(route, event)));
      if ('statusCode' in answer) return answer;
      const { body, headers, status = route.status } = answer;
      if (body === undefined) return { statusCode: status, ...(headers && { headers }) };
      return {
        statusCode: status,
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      };
    } catch (error) {
      return toResponse(problemAndLog(name, requestId, error));
    }
  });
}

/** The problem that an error is answered with; what is ours to look into is logged. */
function problemAndLog(route: RouteName, requestId: string, error: unknown): Problem {
  const known = problemOf(error, requestId);
  if (known?.code === 'UNAVAILABLE') log.warn('request_unavailable', { route, requestId, ...fieldsOfError(error) });
  if (known) return known;
  log.error('request_failed', { route, requestId, ...fieldsOfError(error) });
  return problem(
    'INTERNAL',
    requestId,
    'The request was not carried out. Try again; if it goes on, tell us the request id.',
  );
}

/** A page as a plain array; the way to the next one is in the Link header (RFC 8288). */
export function pageResponse<T>(
  { items, cursor }: Page<T>,
  event: APIGatewayProxyEventV2,
): { body: T[]; headers?: Record<string, string> } {
  if (cursor === undefined) return { body: [...items] };
  const query = new URLSearchParams(event.queryStringParameters as Record<string, string>);
  query.set('cursor', sealCursor(event, cursor));
  return { body: [...items], headers: { link: `<${event.rawPath}?${query.toString()}>; rel="next"` } };
}

import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type * as z from 'zod';
import { DEFAULT_TENANT, type Route, type RouteName, type RouteShape } from '../../contract/index.ts';
import { openCursor } from './page-cursor.ts';
import { invalid, RequestError } from './problem.ts';

type Parsed<R, Key extends string> = R extends { readonly [K in Key]: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : undefined;

/** A request of a route, checked against the route's schemas. */
export interface Request<Name extends RouteName> {
  readonly tenant: string;
  readonly params: Parsed<Route<Name>, 'params'>;
  readonly query: Parsed<Route<Name>, 'query'>;
  readonly headers: Parsed<Route<Name>, 'headers'>;
  readonly body: Parsed<Route<Name>, 'body'>;
  /** As it came, for what the schemas do not cover. */
  readonly event: APIGatewayProxyEventV2;
}

/** @throws RequestError */
export function parseRequest<Name extends RouteName>(route: RouteShape, event: APIGatewayProxyEventV2): Request<Name> {
  return {
    tenant: DEFAULT_TENANT,
    params: parseParams(route, event),
    query: parseQuery(route, event),
    headers: route.headers && parse('header', route.headers, event.headers),
    body: route.body && parse('body', route.body, readBody(route.body, event)),
    event,
  } as Request<Name>;
}

/** An id that is no id is not there: 404, as for any other that nobody has. */
function parseParams(route: RouteShape, event: APIGatewayProxyEventV2): unknown {
  const result = route.params.safeParse(event.pathParameters ?? {});
  if (result.success) return result.data;
  const code = route.path.startsWith('/task-files') ? 'TASK_FILE_NOT_FOUND' : 'TASK_NOT_FOUND';
  throw new RequestError(code, 'Ids are UUIDs; there is nothing under this one.');
}

function parseQuery(route: RouteShape, event: APIGatewayProxyEventV2): unknown {
  requireOnce(event);
  const query = parse('query', route.query, event.queryStringParameters ?? {}) as { readonly cursor?: string };
  return query.cursor === undefined ? query : { ...query, cursor: openCursor(event, query.cursor) };
}

/** The gateway joins repeated values with a comma, so no function can tell what the caller meant. */
function requireOnce({ rawQueryString }: APIGatewayProxyEventV2): void {
  const names = [...new URLSearchParams(rawQueryString).keys()];
  const twice = names.find((name, at) => names.lastIndexOf(name) > at);
  if (twice === undefined) return;
  const error = { path: `query.${twice}`, message: 'is given more than once; give it once' };
  throw new RequestError('VALIDATION_FAILED', 'A parameter of the query is given more than once.', [error]);
}

function parse(where: string, schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value);
  if (!result.success) throw invalid(where, result.error);
  return result.data;
}

/** Nothing at all, where the route has a default for it. */
const readBody = (schema: z.ZodType, event: APIGatewayProxyEventV2): unknown =>
  bodyBytes(event).length === 0 && schema.safeParse(undefined).success ? undefined : readJson(event);

/** The body of a request whose route takes others than JSON too. */
export const jsonBody = <Schema extends z.ZodType>(event: APIGatewayProxyEventV2, schema: Schema): z.output<Schema> =>
  parse('body', schema, readJson(event)) as z.output<Schema>;

function readJson(event: APIGatewayProxyEventV2): unknown {
  requireContentType(event, 'application/json');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bodyBytes(event)));
  } catch (error) {
    // TypeError: the decoder's, for bytes that are not UTF-8.
    if (error instanceof SyntaxError || error instanceof TypeError) {
      throw new RequestError('INVALID_JSON', 'The body cannot be read as JSON in UTF-8.');
    }
    throw error;
  }
}

export function bodyBytes({ body, isBase64Encoded }: APIGatewayProxyEventV2): Buffer {
  return Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
}

export const contentType = ({ headers }: APIGatewayProxyEventV2): string =>
  (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();

/** @throws RequestError UNSUPPORTED_MEDIA_TYPE */
export function requireContentType(event: APIGatewayProxyEventV2, ...allowed: readonly string[]): void {
  const given = contentType(event);
  if (allowed.includes(given)) return;
  throw new RequestError(
    'UNSUPPORTED_MEDIA_TYPE',
    `${given === '' ? 'There is no content type' : `The content type is ${given}`}; this route takes ${new Intl.ListFormat('en', { type: 'disjunction' }).format(allowed)}.`,
  );
}

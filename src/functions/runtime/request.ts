import { isUtf8 } from 'node:buffer';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';
import { DEFAULT_TENANT, explainIssue, type Route, type RouteName, type RouteShape } from '../../contract/index.ts';
import { openCursor } from './page-cursor.ts';
import { toValidationError, RequestError } from './problem.ts';

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
  /** The event itself, for what the schemas do not cover. */
  readonly event: APIGatewayProxyEventV2;
}

/** @throws RequestError */
export function parseRequest<Name extends RouteName>(route: RouteShape, event: APIGatewayProxyEventV2): Request<Name> {
  return {
    tenant: DEFAULT_TENANT,
    params: parseParams(route, event),
    query: parseQuery(route, event),
    headers: route.headers && parse('header', route.headers, event.headers),
    body: route.body && parseBody(route.body, readBody(route.body, event)),
    event,
  } as Request<Name>;
}

/** A text that is no id names nothing, so the status is 404, as for an id that is not in use. */
function parseParams(route: RouteShape, event: APIGatewayProxyEventV2): unknown {
  const result = route.params.safeParse(event.pathParameters ?? {});
  if (result.success) return result.data;
  const code = route.path.startsWith('/task-files') ? 'TASK_FILE_NOT_FOUND' : 'TASK_NOT_FOUND';
  throw new RequestError(code, 'Ids are UUIDs, and this one is not.');
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
  const result = schema.safeParse(value, { error: explainIssue });
  if (!result.success) throw toValidationError(where, result.error);
  return result.data;
}

const parseBody = (schema: z.ZodType, value: unknown): unknown =>
  parse('body', schema, removeNulls(schema instanceof z.ZodDefault ? schema.unwrap() : schema, value));

/** Many clients write `null` for a missing value. Where a field is optional, that means the field is left out. */
function removeNulls(schema: unknown, value: unknown): unknown {
  if (!(schema instanceof z.ZodObject) || typeof value !== 'object' || value === null || Array.isArray(value))
    return value;
  const isOptional = (name: string): boolean =>
    Object.hasOwn(schema.shape, name) && z.object({ field: schema.shape[name] as z.ZodType }).safeParse({}).success;
  return Object.fromEntries(Object.entries(value).filter(([name, field]) => field !== null || !isOptional(name)));
}

/** An empty body is allowed where the route has a default for it. */
const readBody = (schema: z.ZodType, event: APIGatewayProxyEventV2): unknown =>
  decodeBody(event).length === 0 && schema.safeParse(undefined).success ? undefined : readJson(event);

/** Reads the body of a request whose route takes other types than JSON too. */
export const readJsonBody = <Schema extends z.ZodType>(
  event: APIGatewayProxyEventV2,
  schema: Schema,
): z.output<Schema> => parseBody(schema, readJson(event)) as z.output<Schema>;

/** Skips a byte-order mark, which programs on Windows write. */
function readJson(event: APIGatewayProxyEventV2): unknown {
  requireContentType(event, 'application/json');
  const bytes = decodeBody(event);
  if (bytes.length === 0) throw new RequestError('INVALID_JSON', 'There is no body; this route takes JSON in UTF-8.');
  if (!isUtf8(bytes)) throw new RequestError('INVALID_JSON', 'The body is not UTF-8, as JSON has to be.');
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The parser's message quotes the body, which may hold a secret. Only the position is passed on.
    const [, position = ''] = /( \(line \d+ column \d+\))$/.exec(error.message) ?? [];
    throw new RequestError('INVALID_JSON', `The body cannot be read as JSON in UTF-8${position}.`);
  }
}

export function decodeBody({ body, isBase64Encoded }: APIGatewayProxyEventV2): Buffer {
  return Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
}

export const readContentType = ({ headers }: APIGatewayProxyEventV2): string =>
  (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();

/** @throws RequestError UNSUPPORTED_MEDIA_TYPE */
export function requireContentType(event: APIGatewayProxyEventV2, ...allowed: readonly string[]): void {
  const given = readContentType(event);
  if (allowed.includes(given)) return;
  throw new RequestError(
    'UNSUPPORTED_MEDIA_TYPE',
    `${given === '' ? 'There is no content type' : `The content type is ${given}`}; this route takes ${new Intl.ListFormat('en', { type: 'disjunction' }).format(allowed)}.`,
  );
}

import * as z from 'zod';
import {
  problem,
  PROBLEM_CONTENT_TYPE,
  routes,
  type Page,
  type Route,
  type RouteName,
  type RouteShape,
} from '../src/contract/index.ts';
import { ProblemError, UnexpectedResponseError } from './errors.ts';

/** The value of a response: a page for a list, otherwise the schema's type, and undefined if there is no body. */
export type RouteResponse<Name extends RouteName> =
  Route<Name> extends { response: infer Schema }
    ? Schema extends z.ZodArray<infer Entry>
      ? Page<z.output<Entry>>
      : Schema extends z.ZodType
        ? z.output<Schema>
        : never
    : undefined;

export async function readResponse(name: RouteName, request: string, response: Response): Promise<unknown> {
  const text = await response.text();
  if (!response.ok) throw toError(request, response, text);
  const { response: schema, status, otherStatus }: RouteShape = routes[name];
  if (response.status !== status && response.status !== otherStatus)
    throw new UnexpectedResponseError(request, response.status, `expected ${status}`);
  if (!schema) return undefined;
  const value = parse(schema, request, response, text);
  return Array.isArray(value) ? toPage(value, response) : value;
}

function toError(request: string, response: Response, text: string): Error {
  if (!response.headers.get('content-type')?.startsWith(PROBLEM_CONTENT_TYPE)) {
    return new UnexpectedResponseError(request, response.status, text.slice(0, 200) || 'an empty body');
  }
  return new ProblemError(request, parse(problem, request, response, text), parseRetryAfter(response.headers));
}

/** Reads `Retry-After` in seconds, as the service sends it. A date, which others may send, is left out. */
function parseRetryAfter(headers: Headers): number | undefined {
  const value = headers.get('retry-after') ?? '';
  return /^\d+$/.test(value) ? Number(value) : undefined;
}

function parse<Schema extends z.ZodType>(schema: Schema, request: string, response: Response, text: string) {
  const parsed = schema.safeParse(parseJson(request, response, text));
  if (parsed.success) return parsed.data;
  throw new UnexpectedResponseError(request, response.status, z.prettifyError(parsed.error), { cause: parsed.error });
}

function parseJson(request: string, { status }: Response, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UnexpectedResponseError(request, status, `the body is not JSON: ${text.slice(0, 200)}`, { cause });
  }
}

/** The service links the next page by its whole URL. The caller needs only the cursor in it. */
function toPage<T>(items: readonly T[], response: Response): Page<T> {
  const next = /<([^>]*)>\s*;\s*rel="?next"?/.exec(response.headers.get('link') ?? '')?.[1];
  const cursor = next === undefined ? null : new URL(next, response.url || undefined).searchParams.get('cursor');
  return cursor === null ? { items } : { items, cursor };
}

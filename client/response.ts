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

/** A list comes as a page, anything else as its schema says, and nothing where the route answers nothing. */
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
  if (!response.ok) throw refusal(request, response, text);
  const { response: schema, status, otherStatus }: RouteShape = routes[name];
  if (response.status !== status && response.status !== otherStatus)
    throw new UnexpectedResponseError(request, response.status, `${status} was due`);
  if (!schema) return undefined;
  const value = parse(schema, request, response, text);
  return Array.isArray(value) ? pageOf(value, response) : value;
}

function refusal(request: string, response: Response, text: string): Error {
  if (!response.headers.get('content-type')?.startsWith(PROBLEM_CONTENT_TYPE)) {
    return new UnexpectedResponseError(request, response.status, text.slice(0, 200) || 'an empty body');
  }
  return new ProblemError(request, parse(problem, request, response, text), secondsIn(response.headers));
}

/** The service says seconds; the date that others may send is no number. */
function secondsIn(headers: Headers): number | undefined {
  const value = headers.get('retry-after') ?? '';
  return /^\d+$/.test(value) ? Number(value) : undefined;
}

function parse<Schema extends z.ZodType>(schema: Schema, request: string, response: Response, text: string) {
  const parsed = schema.safeParse(jsonOf(request, response, text));
  if (parsed.success) return parsed.data;
  throw new UnexpectedResponseError(request, response.status, z.prettifyError(parsed.error), { cause: parsed.error });
}

function jsonOf(request: string, { status }: Response, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UnexpectedResponseError(request, status, `the body is not JSON: ${text.slice(0, 200)}`, { cause });
  }
}

/** The service links the next page as a whole URL; its cursor is all that a caller needs to ask on. */
function pageOf<T>(items: readonly T[], response: Response): Page<T> {
  const next = /<([^>]*)>\s*;\s*rel="?next"?/.exec(response.headers.get('link') ?? '')?.[1];
  const cursor = next === undefined ? null : new URL(next, response.url || undefined).searchParams.get('cursor');
  return cursor === null ? { items } : { items, cursor };
}

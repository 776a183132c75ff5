import type * as z from 'zod';
import { routes, type Route, type RouteName, type RouteShape } from '../src/contract/index.ts';

/** A body that is sent unchanged: the bytes of a file, a stream of them, or a form. */
export type RawBody = Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | FormData | string;

/** A request to a route, with exactly the parts that the route has. */
export type RouteRequest<Name extends RouteName> = Part<'params', z.output<Route<Name>['params']>> &
  Part<'query', Partial<z.output<Route<Name>['query']>>> &
  (Route<Name> extends { headers: infer H extends z.ZodObject } ? Part<'headers', z.output<H>> : unknown) &
  (Route<Name> extends { body: infer B extends z.ZodType } ? Body<z.input<B>> : unknown) &
  (Name extends 'upload-tasks' ? { readonly body: RawBody; readonly contentType?: string } : unknown) & {
    readonly signal?: AbortSignal;
  };

/** Leaves out a part without fields, and makes a part optional if all its fields are. */
type Part<Key extends string, Fields> = string extends keyof Fields
  ? unknown
  : Partial<Fields> extends Fields
    ? { readonly [K in Key]?: Fields }
    : { readonly [K in Key]: Fields };

/** Makes the body optional if the route has a default for it. */
type Body<T> = undefined extends T ? { readonly body?: T } : { readonly body: T };

/** A {@link RouteRequest} of any route, as the code below reads it. */
export interface AnyRequest {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

export function toUrl(baseUrl: string, name: RouteName, { params = {}, query = {} }: AnyRequest): URL {
  const path = routes[name].path.replaceAll(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(params[key] ?? ''));
  const url = new URL(baseUrl.replace(/\/+$/, '') + path);
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(key, String(value));
  }
  return url;
}

export function toRequestInit(name: RouteName, request: AnyRequest): RequestInit {
  const route: RouteShape = routes[name];
  const headers = new Headers({ accept: 'application/json' });
  for (const [key, value] of Object.entries(request.headers ?? {})) if (value !== undefined) headers.set(key, value);
  return {
    method: route.method,
    headers,
    ...(request.signal && { signal: request.signal }),
    ...(request.body !== undefined && (route.body ? jsonBody(headers, request.body) : rawBody(headers, request))),
  };
}

function jsonBody(headers: Headers, body: unknown): RequestInit {
  headers.set('content-type', 'application/json');
  return { body: JSON.stringify(body) };
}

function rawBody(headers: Headers, { body, contentType = 'text/csv' }: AnyRequest): RequestInit {
  // fetch chooses the boundary of a form, so it must set that content type itself.
  if (!(body instanceof FormData)) headers.set('content-type', contentType);
  // fetch refuses a stream without `half`, which sends the whole stream before it reads the response.
  return { body: body as RawBody, ...(body instanceof ReadableStream && { duplex: 'half' as const }) };
}

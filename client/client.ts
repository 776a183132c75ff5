import { routes, type RouteName } from '../src/contract/index.ts';
import { readResponse, type RouteResponse } from './response.ts';
import { UnreachableError } from './errors.ts';
import { toRequestInit, toUrl, type AnyRequest, type RouteRequest } from './request.ts';

export interface ClientOptions {
  /** The address of the service, with the path of the stage if it has one: `http://127.0.0.1:8080`. */
  readonly baseUrl: string;
  /** Sends the requests. Pass one that signs them if the service uses IAM. */
  readonly fetch?: typeof fetch;
}

export interface Exchange<Name extends RouteName> {
  readonly value: RouteResponse<Name>;
  /** The headers of the response, such as `etag` and `location`. */
  readonly headers: Headers;
}

/** The client has one function per route, with the route's name: `create-task` is `createTask`. */
export type Client = {
  readonly [Name in RouteName as Camel<Name>]: (...request: Arguments<Name>) => Promise<RouteResponse<Name>>;
} & {
  /** Sends a request to a route, and returns the headers of the response too. */
  readonly exchange: <Name extends RouteName>(name: Name, ...request: Arguments<Name>) => Promise<Exchange<Name>>;
};

type Camel<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name;

/** The request is optional if all its parts are. */
type Arguments<Name extends RouteName> =
  Partial<RouteRequest<Name>> extends RouteRequest<Name>
    ? [request?: RouteRequest<Name>]
    : [request: RouteRequest<Name>];

/**
 * Creates a typed client of the Task Service. It throws `ProblemError` if the service refuses a request. It never
 * retries.
 */
export function createClient({ baseUrl, fetch = globalThis.fetch }: ClientOptions): Client {
  async function exchange(name: RouteName, request: AnyRequest = {}): Promise<{ value: unknown; headers: Headers }> {
    const url = toUrl(baseUrl, name, request);
    const init = toRequestInit(name, request);
    const title = `${init.method} ${url.pathname}`;
    const response = await fetch(url, init).catch((error: unknown) => {
      if (request.signal?.aborted) throw error;
      throw new UnreachableError(title, baseUrl, error);
    });
    return { value: await readResponse(name, title, response), headers: response.headers };
  }
  const named = Object.keys(routes).map((name) => [
    camel(name),
    async (request?: AnyRequest) => (await exchange(name as RouteName, request)).value,
  ]);
  // The route table gives both the functions and their types. TypeScript cannot see that through Object.keys.
  return { ...Object.fromEntries(named), exchange } as Client;
}

const camel = (name: string): string => name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

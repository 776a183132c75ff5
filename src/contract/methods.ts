import { routes, type RouteShape } from './routes.ts';

export type HttpMethod = RouteShape['method'] | 'HEAD';

/** Where the service says what it is. */
export const SERVICE_PATH = '/';

/** The methods by which a route is called: whatever can be read can be looked at without its body. */
export const methodsOf = ({ method }: Pick<RouteShape, 'method'>): readonly HttpMethod[] =>
  method === 'GET' ? ['GET', 'HEAD'] : [method];

const PARAMETER = /\{\w+\}/g;

const parameterCount = (path: string): number => path.match(PARAMETER)?.length ?? 0;

/** Paths with a part that can be anything come last: `/tasks/upload` is no task. */
const paths = [...new Set(Object.values<RouteShape>(routes).map(({ path }) => path))].toSorted(
  (one, other) => parameterCount(one) - parameterCount(other),
);

const isAt = (template: string, path: string): boolean =>
  new RegExp(`^${template.replaceAll(PARAMETER, '[^/]+')}$`).test(path);

/** What can be called at a path, by name; nothing if it is not a path of the API. */
export function methodsAt(path: string): readonly HttpMethod[] {
  if (path === SERVICE_PATH) return ['GET', 'HEAD'];
  const template = paths.find((one) => isAt(one, path));
  return Object.values<RouteShape>(routes)
    .filter((route) => route.path === template)
    .flatMap(methodsOf)
    .toSorted();
}

import { routes, type RouteShape } from './routes.ts';

export type HttpMethod = RouteShape['method'] | 'HEAD';

/** The path at which the service describes itself. */
export const SERVICE_PATH = '/';

/** Lists the methods of a route: every GET route also takes HEAD. */
export const methodsOf = ({ method }: Pick<RouteShape, 'method'>): readonly HttpMethod[] =>
  method === 'GET' ? ['GET', 'HEAD'] : [method];

const PARAMETER = /\{\w+\}/g;

const parameterCount = (path: string): number => path.match(PARAMETER)?.length ?? 0;

/** Paths with parameters come last: `/tasks/upload` is not a task. */
const paths = [...new Set(Object.values<RouteShape>(routes).map(({ path }) => path))].toSorted(
  (one, other) => parameterCount(one) - parameterCount(other),
);

const isAt = (template: string, path: string): boolean =>
  new RegExp(`^${template.replaceAll(PARAMETER, '[^/]+')}$`).test(path);

/** Lists the methods that a path takes, sorted by name. A path outside the API has none. */
export function methodsAt(path: string): readonly HttpMethod[] {
  if (path === SERVICE_PATH) return ['GET', 'HEAD'];
  const template = paths.find((one) => isAt(one, path));
  return Object.values<RouteShape>(routes)
    .filter((route) => route.path === template)
    .flatMap(methodsOf)
    .toSorted();
}

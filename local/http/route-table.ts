import type { DeployedRoute } from '../model.ts';

export interface RouteMatch {
  readonly route: DeployedRoute;
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface Pattern {
  readonly route: DeployedRoute;
  readonly method: string;
  readonly segments: readonly string[];
}

const DEFAULT_ROUTE = '$default';

/** The rank of a segment. The first difference from the left decides. */
const STATIC = 2;
const PARAMETER = 1;
const GREEDY = 0;

/**
 * Finds the route of a request as API Gateway does: static before `{parameter}` before `{greedy+}`, and `$default`
 * last.
 */
export class RouteTable {
  readonly #patterns: readonly Pattern[];
  readonly #fallback: DeployedRoute | undefined;

  constructor(routes: readonly DeployedRoute[]) {
    this.#patterns = routes
      .filter(({ routeKey }) => routeKey !== DEFAULT_ROUTE)
      .map(toPattern)
      .toSorted(compareSpecificity);
    this.#fallback = routes.find(({ routeKey }) => routeKey === DEFAULT_ROUTE);
  }

  /** Returns the route for a well-formed path, still percent-encoded. */
  match(method: string, path: string): RouteMatch | undefined {
    const segments = path.split('/').slice(1).map(decodeURIComponent);
    for (const candidate of this.#patterns) {
      if (candidate.method !== 'ANY' && candidate.method !== method) continue;
      const pathParameters = matchSegments(candidate.segments, segments);
      if (pathParameters) return { route: candidate.route, pathParameters };
    }
    return this.#fallback && { route: this.#fallback, pathParameters: {} };
  }
}

function toPattern(route: DeployedRoute): Pattern {
  const [method = '', path = ''] = route.routeKey.split(' ');
  return { route, method, segments: path.split('/').slice(1) };
}

const isGreedy = (segment: string): boolean => segment.endsWith('+}');
const isParameter = (segment: string): boolean => segment.startsWith('{');

function rank(segment: string | undefined): number {
  if (segment === undefined) return -1;
  if (isGreedy(segment)) return GREEDY;
  return isParameter(segment) ? PARAMETER : STATIC;
}

function compareSpecificity(a: Pattern, b: Pattern): number {
  for (let at = 0; at < Math.max(a.segments.length, b.segments.length); at++) {
    const difference = rank(b.segments[at]) - rank(a.segments[at]);
    if (difference !== 0) return difference;
  }
  return Number(a.method === 'ANY') - Number(b.method === 'ANY');
}

function matchSegments(wanted: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  const parameters: [string, string][] = [];
  for (const [at, segment] of wanted.entries()) {
    const value = given[at];
    if (value === undefined) return undefined;
    if (isGreedy(segment)) return toRecord(parameters, [segment.slice(1, -2), given.slice(at).join('/')]);
    if (isParameter(segment) && value !== '') parameters.push([segment.slice(1, -1), value]);
    else if (segment !== value) return undefined;
  }
  return wanted.length === given.length ? toRecord(parameters) : undefined;
}

const toRecord = (parameters: readonly [string, string][], ...more: [string, string][]): Record<string, string> =>
  Object.fromEntries([...parameters, ...more]);

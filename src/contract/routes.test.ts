import { describe, expect, it } from '@jest/globals';
import { FUNCTION_NAMES } from './functions.ts';
import { pageQuery } from './fields.ts';
import { problems } from './problem.ts';
import { routes, type RouteShape } from './routes.ts';

const table = Object.entries<RouteShape>(routes);

describe('the routes', () => {
  it('are told apart by method and path', () => {
    const keys = table.map(([, { method, path }]) => `${method} ${path}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it.each(table)('%s has a schema for exactly the parameters of its path', (_, { path, params }) => {
    expect(Object.keys(params.shape)).toEqual(Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name));
  });

  it.each(table)('%s refuses a query that it does not know', (_, { query }) => {
    expect(query.safeParse({ unknown: '1' }).success).toBe(false);
  });

  it('are functions, each with a name of its own', () => {
    expect(FUNCTION_NAMES).toEqual(expect.arrayContaining([...Object.keys(routes), 'route-not-found']));
    expect(new Set(FUNCTION_NAMES).size).toBe(FUNCTION_NAMES.length);
  });
});

describe('the query of an upload', () => {
  const { query } = routes['upload-tasks'];

  it.each(['', ' x', '-1', '1.5', 'NaN'])('does not tolerate %j rows', (toleratedFailureCount) => {
    expect(query.safeParse({ toleratedFailureCount }).success).toBe(false);
  });

  it.each(['1e-320', '101', '-1'])('does not tolerate %j percent', (toleratedFailurePercentage) => {
    expect(query.safeParse({ toleratedFailurePercentage }).success).toBe(false);
  });

  it('takes a tolerance as numbers', () => {
    expect(query.parse({ toleratedFailureCount: '0', toleratedFailurePercentage: '2.5' })).toEqual({
      toleratedFailureCount: 0,
      toleratedFailurePercentage: 2.5,
    });
    expect(query.parse({})).toEqual({});
  });
});

describe('the query of a page', () => {
  it('becomes a number from text', () => {
    expect(pageQuery.parse({ limit: '7', cursor: 'x' })).toEqual({ limit: 7, cursor: 'x' });
    expect(pageQuery.parse({})).toEqual({ limit: 25 });
  });

  it.each([
    { limit: '0' },
    { limit: '101' },
    { limit: '1.5' },
    { limit: 'x' },
    { limit: '' },
    { cursor: '' },
    { cursor: 'x'.repeat(6_001) },
    { page: '2' },
  ])('is refused if it is %j', (query) => {
    expect(pageQuery.safeParse(query).success).toBe(false);
  });
});

describe('the problems', () => {
  it('have a status of 4xx or 5xx', () => {
    expect(Object.values(problems).filter(({ status }) => status < 400 || status > 599)).toEqual([]);
  });
});

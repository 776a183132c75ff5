import { expect, it } from '@jest/globals';
import * as z from 'zod';
import { explainIssue } from './refusals.ts';
import { routes } from './routes.ts';

const messagesOf = (schema: z.ZodType, value: unknown): readonly string[] =>
  schema.safeParse(value, { error: explainIssue }).error?.issues.map(({ message }) => message) ?? [];

it.each<[schema: z.ZodType, value: unknown, message: string]>([
  [z.string(), undefined, 'is missing; it must be text'],
  [z.string(), null, 'must be text'],
  [z.coerce.number(), 'x', 'must be a number'],
  [z.int(), 0.5, 'must be a whole number'],
  [z.boolean(), 'yes', 'must be true or false'],
  [z.strictObject({}), [], 'must be an object'],
  [z.array(z.string()), {}, 'must be a list'],
  [z.date(), 1, 'must be date'],
  [z.enum(['NEW', 'FAILED', 'COMPLETED']), 'DONE', 'must be NEW, FAILED or COMPLETED'],
  [z.stringbool({ truthy: ['true', '1'], falsy: ['false', '0'] }), 'maybe', 'must be true, 1, false or 0'],
  [z.literal('on'), 'off', 'must be on'],
  [z.iso.datetime(), 'soon', 'must be an instant in UTC, such as 2026-01-31T08:00:00.000Z'],
  [z.uuid(), 'x', 'must be a UUID, such as 01948f3c-2c00-7000-8000-000000000001'],
  [z.url(), 'x', 'must be a URL, such as https://tasks.example.com'],
  [z.string().min(1), '', 'must not be empty'],
  [z.string().min(3), 'x', 'must have at least 3 characters'],
  [z.string().max(3), 'long', 'must have at most 3 characters'],
  [z.array(z.int()).min(1), [], 'must not be empty'],
  [z.array(z.int()).max(1), [1, 2], 'must have at most 1 entries'],
  [z.int().min(1), 0, 'must be at least 1'],
  [z.number().positive(), 0, 'must be more than 0'],
  [z.int().max(100), 101, 'must be at most 100'],
  [z.number().negative(), 0, 'must be less than 0'],
  [z.strictObject({ a: z.int(), b: z.int() }), { a: 1, b: 2, c: 3 }, '"c" is not known here; known: a, b'],
  [z.strictObject({}), { c: 3, d: 4 }, '"c", "d" are not known here; nothing is taken'],
  [z.string().regex(/^x$/, 'of its own'), 'y', 'of its own'],
])('%# says what is allowed', (schema, value, message) => {
  expect(messagesOf(schema, value)).toEqual([message]);
});

it('leaves an issue to zod that no schema here raises', () => {
  expect(messagesOf(z.int().multipleOf(2), 3)).toEqual([expect.stringContaining('multiple')]);
});

it.each(Object.entries(routes))('%s never answers in the words of zod', (_, route) => {
  const wrong = [undefined, null, 5, '', 'x'.repeat(1_000), [], { unknown: 1 }];
  const fields = Object.keys({ ...route.query.shape, ...('headers' in route && route.headers.shape) });
  const asked = wrong.map((value) => Object.fromEntries(fields.map((name) => [name, value])));
  const schemas = [
    route.query,
    ...('headers' in route ? [route.headers] : []),
    ...('body' in route ? [route.body] : []),
  ];
  for (const message of schemas.flatMap((schema) =>
    [...wrong, ...asked].flatMap((value) => messagesOf(schema, value)),
  )) {
    expect(message).not.toMatch(/^(?:Invalid|Too |Unrecognized|Expected)/);
  }
});

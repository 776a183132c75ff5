import * as z from 'zod';

type Issue = z.core.$ZodRawIssue;
type Bound = { readonly origin: string; readonly inclusive?: boolean };

/**
 * Says what a schema accepts, instead of zod's own words: pass it to `safeParse` as `error`. A schema's own message
 * takes precedence.
 */
export function explainIssue(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? `is missing; it must be ${kindOf(issue)}` : `must be ${kindOf(issue)}`;
    case 'invalid_value':
      return `must be ${anyOf(issue.values.map(String))}`;
    case 'invalid_format':
      return FORMATS[issue.format];
    case 'too_small':
      return atLeast(issue, issue.minimum);
    case 'too_big':
      return atMost(issue, issue.maximum);
    case 'unrecognized_keys':
      return unknownKeys(issue.keys, issue.inst);
    default:
      return undefined;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
};

const kindOf = ({ expected }: { readonly expected: string }): string => KINDS[expected] ?? expected;

const FORMATS: Readonly<Record<string, string>> = {
  datetime: 'must be an instant in UTC, such as 2026-01-31T08:00:00.000Z',
  uuid: 'must be a UUID, such as 01948f3c-2c00-7000-8000-000000000001',
  url: 'must be a URL, such as https://tasks.example.com',
};

/** The unit of a bound, by the type of the value. */
const UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' entries' };

function atLeast({ origin, inclusive = true }: Bound, minimum: number | bigint): string {
  const unit = UNITS[origin];
  if (unit !== undefined) return Number(minimum) === 1 ? 'must not be empty' : `must have at least ${minimum}${unit}`;
  return inclusive ? `must be at least ${minimum}` : `must be more than ${minimum}`;
}

function atMost({ origin, inclusive = true }: Bound, maximum: number | bigint): string {
  const unit = UNITS[origin];
  if (unit !== undefined) return `must have at most ${maximum}${unit}`;
  return inclusive ? `must be at most ${maximum}` : `must be less than ${maximum}`;
}

function unknownKeys(keys: readonly string[], schema: unknown): string {
  const names = keys.map((key) => JSON.stringify(key)).join(', ');
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  return `${names} ${keys.length === 1 ? 'is' : 'are'} not known here; ${known.length === 0 ? 'nothing is taken' : `known: ${known.join(', ')}`}`;
}

const anyOf = (values: readonly string[]): string =>
  values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;

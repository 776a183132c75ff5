/** What changes in one item, by the paths of its attributes (`recovery.number`). Undefined values change nothing. */
export interface Update {
  readonly set?: Readonly<Record<string, unknown>>;
  readonly add?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
}

/** Renders a condition as text, with placeholders for its paths and values. */
export type Condition = (placeholders: Placeholders) => string;

export const isAbsent =
  (path: string): Condition =>
  (placeholders) =>
    `attribute_not_exists(${placeholders.path(path)})`;

export const isPresent =
  (path: string): Condition =>
  (placeholders) =>
    `attribute_exists(${placeholders.path(path)})`;

const compare =
  (comparator: '=' | '<' | '<=') =>
  (path: string, value: unknown): Condition =>
  (placeholders) =>
    `${placeholders.path(path)} ${comparator} ${placeholders.value(path, value)}`;

export const isEqual = compare('=');
export const isBelow = compare('<');
export const isAtMost = compare('<=');

export const isOneOf =
  (path: string, values: readonly string[]): Condition =>
  (placeholders) =>
    `${placeholders.path(path)} IN (${values.map((value) => placeholders.value(path, value)).join(', ')})`;

/** Holds for a set without the value, and where there is no set. */
export const lacks =
  (path: string, value: unknown): Condition =>
  (placeholders) =>
    `NOT contains(${placeholders.path(path)}, ${placeholders.value(path, value)})`;

/** One condition alone stays without parentheses, because DynamoDB refuses redundant ones. */
const join =
  (operator: 'AND' | 'OR') =>
  (...conditions: readonly Condition[]): Condition =>
  (placeholders) => {
    const texts = conditions.map((condition) => condition(placeholders));
    return texts.length === 1 ? texts.join() : `(${texts.join(` ${operator} `)})`;
  };

export const allOf = join('AND');
export const anyOf = join('OR');

/**
 * Collects the names and values of the expressions of one call. Every name has a placeholder, because DynamoDB reserves
 * some names; it refuses placeholders that no expression uses.
 */
class Placeholders {
  readonly names: Record<string, string> = {};
  readonly values: Record<string, unknown> = {};

  /** `recovery.number` → `#recovery.#number` */
  path(path: string): string {
    const names = path.split('.');
    for (const name of names) this.names[`#${name}`] = name;
    return names.map((name) => `#${name}`).join('.');
  }

  /** `recovery.number` → `:number3` */
  value(path: string, value: unknown): string {
    const placeholder = `:${path.split('.').at(-1)}${Object.keys(this.values).length}`;
    this.values[placeholder] = value;
    return placeholder;
  }
}

/** Writes an update, a condition, or both as the parameters of a call. */
export function toExpressions({ update, condition }: { readonly update?: Update; readonly condition?: Condition }) {
  const placeholders = new Placeholders();
  const expressions = {
    ...(update && { UpdateExpression: toText(update, placeholders) }),
    ...(condition && { ConditionExpression: condition(placeholders) }),
  };
  const { names, values } = placeholders;
  const hasValues = Object.keys(values).length > 0;
  return {
    ...expressions,
    ExpressionAttributeNames: names,
    ...(hasValues && { ExpressionAttributeValues: values }),
  };
}

function toText({ set = {}, add = {}, remove = [] }: Update, placeholders: Placeholders): string {
  const pair = (values: Readonly<Record<string, unknown>>, sign: ' = ' | ' '): string[] =>
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([path, value]) => `${placeholders.path(path)}${sign}${placeholders.value(path, value)}`);
  const actions = {
    SET: pair(set, ' = '),
    ADD: pair(add, ' '),
    REMOVE: remove.map((path) => placeholders.path(path)),
  };
  return Object.entries(actions)
    .filter(([, parts]) => parts.length > 0)
    .map(([action, parts]) => `${action} ${parts.join(', ')}`)
    .join(' ');
}

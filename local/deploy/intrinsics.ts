import { isRecord } from './template.ts';

/** Resolves the references of intrinsic functions. */
export interface Scope {
  readonly ref: (name: string) => Promise<unknown>;
  readonly attribute: (logicalId: string, name: string) => Promise<unknown>;
  readonly condition: (name: string) => Promise<boolean>;
}

type Intrinsic = (argument: unknown, scope: Scope) => Promise<unknown>;

/** Stands for `AWS::NoValue`: the property that holds it is left out. */
export const NO_VALUE = Symbol('AWS::NoValue');

/** Resolves a value of the template: evaluates every intrinsic function in it. */
export async function resolve(value: unknown, scope: Scope): Promise<unknown> {
  if (Array.isArray(value)) {
    return (await inSequence(value, (element) => resolve(element, scope))).filter((element) => element !== NO_VALUE);
  }
  if (!isRecord(value)) return value;
  const intrinsic = await toCall(value);
  if (intrinsic) return await intrinsic.run(intrinsic.argument, scope);
  const entries = await inSequence(Object.entries(value), async ([name, inner]) => [name, await resolve(inner, scope)]);
  return Object.fromEntries(entries.filter(([, inner]) => inner !== NO_VALUE));
}

async function toCall(value: Readonly<Record<string, unknown>>) {
  const [[name, argument] = ['', undefined], ...more] = Object.entries(value);
  if (more.length > 0 || !/^(Ref|Condition|Fn::.+)$/.test(name)) return undefined;
  // `Condition` is a function inside a condition, and an ordinary key in a policy statement.
  if (name === 'Condition' && typeof argument !== 'string') return undefined;
  const run = INTRINSICS[name];
  if (run) return { run, argument };
  throw new Error(`The local cloud does not support ${name}. It supports ${Object.keys(INTRINSICS).join(', ')}.`);
}

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (name, scope) => scope.ref(String(name)),
  Condition: (name, scope) => scope.condition(String(name)),
  'Fn::GetAtt': (target, scope) => {
    const [logicalId, ...name] = typeof target === 'string' ? target.split('.') : (target as readonly string[]);
    return scope.attribute(String(logicalId), name.join('.'));
  },
  'Fn::Join': async (argument, scope) => {
    const [separator, parts] = (await resolve(argument, scope)) as [string, readonly unknown[]];
    return parts.join(separator);
  },
  'Fn::Split': async (argument, scope) => {
    const [separator, text] = (await resolve(argument, scope)) as [string, string];
    return text.split(separator);
  },
  'Fn::Select': async (argument, scope) => {
    const [index, list] = (await resolve(argument, scope)) as [number | string, readonly unknown[]];
    return list[Number(index)];
  },
  'Fn::Sub': (argument, scope) => substitute(argument, scope),
  'Fn::If': async (argument, scope) => {
    const [name, yes, no] = argument as readonly [string, unknown, unknown];
    return await resolve((await scope.condition(name)) ? yes : no, scope);
  },
  'Fn::Equals': async (argument, scope) => {
    const [left, right] = (await resolve(argument, scope)) as readonly unknown[];
    return String(left) === String(right);
  },
  'Fn::Not': async (argument, scope) => !((await resolve(argument, scope)) as readonly boolean[])[0],
  'Fn::And': async (argument, scope) => ((await resolve(argument, scope)) as readonly boolean[]).every(Boolean),
  'Fn::Or': async (argument, scope) => ((await resolve(argument, scope)) as readonly boolean[]).some(Boolean),
};

/**
 * `${Name}` is a Ref, `${Name.Attribute}` a GetAtt, `${!Literal}` the text itself. Names in the given map take
 * precedence.
 */
async function substitute(argument: unknown, scope: Scope): Promise<string> {
  const [text, given = {}] = (typeof argument === 'string' ? [argument] : argument) as [
    string,
    Record<string, unknown>?,
  ];
  const values = (await resolve(given, scope)) as Readonly<Record<string, unknown>>;
  const names = new Set([...text.matchAll(/\$\{([^!}][^}]*)\}/g)].map((match) => String(match[1])));
  const found = new Map<string, string>();
  for (const name of names) {
    const [logicalId = '', ...attribute] = name.split('.');
    const value =
      name in values
        ? values[name]
        : await (attribute.length > 0 ? scope.attribute(logicalId, attribute.join('.')) : scope.ref(name));
    found.set(name, String(value));
  }
  return text.replace(/\$\{(!?)([^}]+)\}/g, (_all, literal, name: string) =>
    literal ? `\${${name}}` : (found.get(name) ?? ''),
  );
}

/** Runs one after the other: resolving deploys resources, and only a single path can detect a cycle. */
async function inSequence<T, R>(list: readonly T[], each: (element: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const element of list) results.push(await each(element));
  return results;
}

export type Matcher = (text: string) => boolean;

/** An ARN has six parts; the last one may hold colons of its own. */
const ARN_PARTS = 6;

/** Actions are the same in upper and lower case. */
export const actionMatcher = (pattern: string): Matcher => {
  const matches = matcher(pattern.toLowerCase());
  return (action) => matches(action.toLowerCase());
};

/** A wildcard matches any text within its part of the ARN, slashes included; a lone `*` matches every ARN. */
export function arnMatcher(pattern: string): Matcher {
  if (pattern === '*') return () => true;
  if (!/[*?]/.test(pattern)) return (arn) => arn === pattern;
  const matchers = partsOf(pattern).map(matcher);
  return (arn) => {
    const parts = partsOf(arn);
    return parts.length === matchers.length && parts.every((part, index) => matchers[index]?.(part));
  };
}

function matcher(pattern: string): Matcher {
  if (!/[*?]/.test(pattern)) return (text) => text === pattern;
  const source = pattern
    .split(/([*?])/)
    .map((part) => WILDCARDS[part] ?? part.replaceAll(/[\\^$.+()[\]{}|]/g, String.raw`\$&`));
  const expression = new RegExp(`^${source.join('')}$`, 's');
  return (text) => expression.test(text);
}

const WILDCARDS: Readonly<Record<string, string>> = { '*': '.*', '?': '.' };

function partsOf(arn: string): readonly string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, ARN_PARTS - 1), parts.slice(ARN_PARTS - 1).join(':')];
}

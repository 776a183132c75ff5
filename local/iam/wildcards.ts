export type Matcher = (text: string) => boolean;

/** An ARN has six parts. The last one may contain colons. */
const ARN_PARTS = 6;

/** Makes a matcher of actions, which ignores upper and lower case. */
export const toActionMatcher = (pattern: string): Matcher => {
  const matches = toMatcher(pattern.toLowerCase());
  return (action) => matches(action.toLowerCase());
};

/**
 * Makes a matcher of ARNs. A wildcard matches any text within its part of the ARN, slashes included. A lone `*` matches
 * every ARN.
 */
export function toArnMatcher(pattern: string): Matcher {
  if (pattern === '*') return () => true;
  if (!/[*?]/.test(pattern)) return (arn) => arn === pattern;
  const matchers = splitArn(pattern).map(toMatcher);
  return (arn) => {
    const parts = splitArn(arn);
    return parts.length === matchers.length && parts.every((part, index) => matchers[index]?.(part));
  };
}

function toMatcher(pattern: string): Matcher {
  if (!/[*?]/.test(pattern)) return (text) => text === pattern;
  const source = pattern
    .split(/([*?])/)
    .map((part) => WILDCARDS[part] ?? part.replaceAll(/[\\^$.+()[\]{}|]/g, String.raw`\$&`));
  const expression = new RegExp(`^${source.join('')}$`, 's');
  return (text) => expression.test(text);
}

const WILDCARDS: Readonly<Record<string, string>> = { '*': '.*', '?': '.' };

function splitArn(arn: string): readonly string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, ARN_PARTS - 1), parts.slice(ARN_PARTS - 1).join(':')];
}

import type { Prose } from './prose.ts';
import { COMMENT_COLUMNS, PHRASES, SYNONYMS, WIDE } from './words.ts';

export interface Finding {
  readonly line: number;
  /** The name of the entry in the list of words, or `wide comment`. */
  readonly not: string;
  /** The text of the file that matched. */
  readonly found: string;
  readonly say: string;
}

const TERMS = [...SYNONYMS, ...PHRASES];

/** Finds the words that docs/glossary.md and docs/style.md refuse, and comments that are too wide, sorted by line. */
export const findWords = (source: string, prose: Prose): readonly Finding[] =>
  [...findInProse(prose), ...findInIdentifiers(prose), ...findWideComments(source, prose)]
    .map(({ start, ...found }) => ({ ...found, line: source.slice(0, start).split('\n').length }))
    .toSorted((one, other) => one.line - other.line);

type Found = Omit<Finding, 'line'> & { readonly start: number };

const findInProse = ({ text }: Prose): readonly Found[] =>
  TERMS.flatMap(({ not, say, prose }) =>
    prose === undefined
      ? []
      : Array.from(text.matchAll(prose), ({ index, 0: found }) => ({
          not,
          say,
          found: found.replaceAll(/\s+/g, ' '),
          start: index,
        })),
  );

const findInIdentifiers = ({ identifiers }: Prose): readonly Found[] =>
  identifiers.flatMap(({ name, start }) => {
    const parts = splitName(name);
    return TERMS.filter((term) => term.identifiers?.some((word) => parts.includes(word))).map(({ not, say }) => ({
      not,
      say,
      found: name,
      start,
    }));
  });

/** Splits `isPromisedUpload` or `IS_PROMISED` into words in lower case. */
const splitName = (name: string): readonly string[] =>
  name
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, ' ')
    .toLowerCase()
    .split(/[^a-z]+/);

function findWideComments(source: string, { comments }: Prose): readonly Found[] {
  const ends = new Set<number>();
  for (const { start, end } of comments) {
    for (let at = start; at <= end; at = findLineEnd(source, at) + 1) ends.add(findLineEnd(source, at));
  }
  return [...ends].flatMap((end) => {
    const line = source.slice(source.lastIndexOf('\n', end - 1) + 1, end);
    // An address cannot be wrapped.
    if (line.length <= COMMENT_COLUMNS || line.includes('https://')) return [];
    return [{ not: WIDE, say: `at most ${COMMENT_COLUMNS} columns`, found: `${line.length} columns`, start: end }];
  });
}

function findLineEnd(source: string, at: number): number {
  const end = source.indexOf('\n', at);
  return end === -1 ? source.length : end;
}

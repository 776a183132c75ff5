import { distance } from 'fastest-levenshtein';
import type { Column } from '../definition.ts';

/**
 * Most names match it. JSON Lines have them on every line, so a name that matches is not searched for other characters.
 */
const PLAIN = /^[A-Za-z\d]+$/;

/** Reduces a name to what people do not vary: its letters and digits, in lower case. */
export const plainName = (name: string): string =>
  PLAIN.test(name)
    ? name.toLowerCase()
    : name
        .normalize('NFKC')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}]/gu, '');

/** Names with so many slips may still be the same name, if they are long enough. */
const SLIPS_MAX = 2;
const LETTERS_MIN = 4;
/** A longer name is no misspelt column. */
const LETTERS_MAX = 40;

/**
 * Finds the known column that a name may be meant as, misspelt or by another word. It is a hint for the caller only:
 * the name is never read as that column.
 */
export function likelyColumn(name: string, columns: readonly Column[]): Column | undefined {
  const plain = plainName(name.slice(0, LETTERS_MAX));
  const byWord = columns.find(({ words = [] }) => words.some((word) => plainName(word) === plain));
  if (byWord || plain.length < LETTERS_MIN) return byWord;
  return columns.find((column) => distance(plain, plainName(column.name)) <= SLIPS_MAX);
}

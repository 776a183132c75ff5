import { distance } from 'fastest-levenshtein';
import type { Column } from '../definition.ts';

/** Most names, which JSON Lines have on every line. */
const PLAIN = /^[A-Za-z\d]+$/;

/** A name by what people do not vary: its letters and digits, in lower case. */
export const plainName = (name: string): string =>
  PLAIN.test(name)
    ? name.toLowerCase()
    : name
        .normalize('NFKC')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}]/gu, '');

/** Names that differ by so many letters may be one, if they are longer than that by far. */
const SLIPS_MAX = 2;
const LETTERS_MIN = 4;
/** Longer names are no slip of a column's. */
const LETTERS_MAX = 40;

/**
 * The known column that a name may be meant as: a slip of its name, or another word for it. A hint for people; it is
 * never taken for it.
 */
export function likelyColumn(name: string, columns: readonly Column[]): Column | undefined {
  const plain = plainName(name.slice(0, LETTERS_MAX));
  const byWord = columns.find(({ words = [] }) => words.some((word) => plainName(word) === plain));
  if (byWord || plain.length < LETTERS_MIN) return byWord;
  return columns.find((column) => distance(plain, plainName(column.name)) <= SLIPS_MAX);
}

import { createHash } from 'node:crypto';

/** Names that every file system accepts and distinguishes from every other such name. */
const PLAIN = /^[a-z0-9._=+@,() -]{1,200}$/;

/** The endings of the files that fauxqs makes of a key. A folder with such a name could collide with a file. */
const FILE_ENDING = /\.(?:data|meta\.json)$/;

/** The longest path, so that it fits into what file systems allow. */
const PATH_MAX = 2_000;

/**
 * Returns the path of an object below the folder of its bucket, without the ending; no two keys share one. Parts of the
 * key that are not a file name everywhere (`..`, long ones, upper case where the file system ignores case) are replaced
 * by a tilde and their SHA-256. No plain part has a tilde.
 */
export function toSafePath(key: string): string {
  const parts = key.split('/');
  const path = parts.map((part, at) => (isPlain(part, at === parts.length - 1) ? part : hash(part))).join('/');
  return path.length > PATH_MAX ? hash(key) : path;
}

function isPlain(part: string, isLast: boolean): boolean {
  if (part === '') return isLast;
  if (part === '.' || part === '..' || part.endsWith(' ')) return false;
  return PLAIN.test(part) && (isLast || !FILE_ENDING.test(part));
}

const hash = (text: string): string => `~${createHash('sha256').update(text).digest('hex')}`;

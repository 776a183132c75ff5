import { createHash } from 'node:crypto';

/** What every file system takes as a name, and tells apart from every other such name. */
const PLAIN = /^[a-z0-9._=+@,() -]{1,200}$/;

/** Endings of the files that fauxqs makes of a key: a folder of that name would be in the way of one. */
const FILE_ENDING = /\.(?:data|meta\.json)$/;

/** More would be longer than a path may be. */
const PLACE_MAX = 2_000;

/**
 * Where an object lies below the folder of its bucket, less the ending: a place of its own for every key. Parts of the
 * key that are no file name everywhere (`..`, long ones, capitals where the file system does not tell them from small
 * letters) become their SHA-256, with a tilde before it, which no plain part has.
 */
export function placeOf(key: string): string {
  const parts = key.split('/');
  const place = parts.map((part, at) => (isPlain(part, at === parts.length - 1) ? part : hashed(part))).join('/');
  return place.length > PLACE_MAX ? hashed(key) : place;
}

function isPlain(part: string, isLast: boolean): boolean {
  if (part === '') return isLast;
  if (part === '.' || part === '..' || part.endsWith(' ')) return false;
  return PLAIN.test(part) && (isLast || !FILE_ENDING.test(part));
}

const hashed = (text: string): string => `~${createHash('sha256').update(text).digest('hex')}`;

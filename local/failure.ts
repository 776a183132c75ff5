import { isErrorLike } from './error-like.ts';

/** How Node, LevelDB and SQLite say it. */
const DISK_FULL = /ENOSPC|no space left on device|database or disk is full/i;

/** How Node and LevelDB say it. */
const TOO_MANY_FILES = /EMFILE|too many open files/i;

/** What keeps the service from running, in a sentence, with the way out where there is one. */
export function sentenceOf(failure: unknown, dataDir: string): string {
  const [message, ...causes] = chain(failure);
  const text = causes.length === 0 ? `${message}` : `${message} (${causes.join(': ')})`;
  if (DISK_FULL.test(text)) {
    return (
      `The disk with the data folder ${dataDir} is full. Make room and start again: what was answered is kept, ` +
      `what was under way goes on. (${text})`
    );
  }
  if (TOO_MANY_FILES.test(text)) {
    return `This process may not open more files. Raise the limit, as with "ulimit -n 4096", and start again. (${text})`;
  }
  return text;
}

/** An error and what caused it, the cause last. */
function chain(failure: unknown): readonly string[] {
  if (!isErrorLike(failure)) return [String(failure)];
  return [failure.message, ...(failure.cause === undefined ? [] : chain(failure.cause))];
}

import { isErrorLike } from './error-like.ts';

/** The messages of Node, LevelDB and SQLite. */
const DISK_FULL = /ENOSPC|no space left on device|database or disk is full/i;

/** The messages of Node and LevelDB. */
const TOO_MANY_FILES = /EMFILE|too many open files/i;

/** Returns why the service cannot run, in a sentence, with the way out if there is one. */
export function sentenceOf(failure: unknown, dataDir: string): string {
  const [message, ...causes] = messagesOf(failure);
  const text = causes.length === 0 ? `${message}` : `${message} (${causes.join(': ')})`;
  if (DISK_FULL.test(text)) {
    return (
      `The disk with the data folder ${dataDir} is full. Free some space and start again: finished requests are stored, ` +
      `and unfinished work continues. (${text})`
    );
  }
  if (TOO_MANY_FILES.test(text)) {
    return `This process may not open more files. Raise the limit, for example with "ulimit -n 4096", and start again. (${text})`;
  }
  return text;
}

/** Returns the messages of an error and of its causes, the first cause last. */
function messagesOf(failure: unknown): readonly string[] {
  if (!isErrorLike(failure)) return [String(failure)];
  return [failure.message, ...(failure.cause === undefined ? [] : messagesOf(failure.cause))];
}

import type { ErrorShape } from './messages.ts';

/**
 * Converts a thrown value to the form in which Lambda reports it. Anything can be thrown, also a string. An error that
 * comes from a worker thread is no instance of this thread's `Error`, so its properties are checked, not its class.
 */
export function toErrorShape(thrown: unknown): ErrorShape {
  if (typeof thrown !== 'object' || thrown === null || !('message' in thrown)) {
    return { type: typeof thrown, message: String(thrown), trace: [] };
  }
  const type = 'name' in thrown ? String(thrown.name) : 'object';
  const trace = 'stack' in thrown ? String(thrown.stack).split('\n') : [];
  return { type, message: String(thrown.message), trace };
}

import type { ErrorShape } from './messages.ts';

/**
 * A thrown value as Lambda reports it: anything can be thrown, also a string. Told by its properties, because an error
 * that comes over from a worker thread is an instance of no `Error` of this one.
 */
export function errorShape(thrown: unknown): ErrorShape {
  if (typeof thrown !== 'object' || thrown === null || !('message' in thrown)) {
    return { type: typeof thrown, message: String(thrown), trace: [] };
  }
  const type = 'name' in thrown ? String(thrown.name) : 'object';
  const trace = 'stack' in thrown ? String(thrown.stack).split('\n') : [];
  return { type, message: String(thrown.message), trace };
}

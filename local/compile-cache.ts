import { join } from 'node:path';

/**
 * For the environment of a worker thread: Node keeps there what it compiled, and the next thread of the same code
 * begins with it. Half of a function's cold start goes without it into compiling the AWS SDK. Beside `node_modules`,
 * which belong to the same machine.
 */
export const COMPILE_CACHE = {
  NODE_COMPILE_CACHE: join(import.meta.dirname, '..', 'node_modules', '.cache', 'compile'),
};

import { join } from 'node:path';

/**
 * The environment variable that gives worker threads a compile cache: the next thread of the same code begins with what
 * Node compiled for the last one. Without it, half of a function's cold start is spent on compiling the AWS SDK. The
 * cache is in `node_modules`, because both belong to one machine.
 */
export const COMPILE_CACHE = {
  NODE_COMPILE_CACHE: join(import.meta.dirname, '..', 'node_modules', '.cache', 'compile'),
};

import { createHash } from 'node:crypto';

/**
 * Returns the physical name of a resource that the template does not name: its logical id, so that a restart finds it
 * again. If the logical id is too long, a hash of it replaces its end.
 */
export function generateName(logicalId: string, maxLength: number): string {
  if (logicalId.length <= maxLength) return logicalId;
  const hash = createHash('sha256').update(logicalId).digest('hex').slice(0, 8);
  return logicalId.slice(0, maxLength - hash.length) + hash;
}

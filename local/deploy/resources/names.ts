import { createHash } from 'node:crypto';

/**
 * The physical name of a resource that the template gives none: its logical id, so that a restart finds it again. A
 * logical id may be longer than a name; then its end gives way to a hash of the whole.
 */
export function generatedName(logicalId: string, maxLength: number): string {
  if (logicalId.length <= maxLength) return logicalId;
  const hash = createHash('sha256').update(logicalId).digest('hex').slice(0, 8);
  return logicalId.slice(0, maxLength - hash.length) + hash;
}

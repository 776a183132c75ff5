import { createHash } from 'node:crypto';

/** Computes the SHA-256 of the parts, in base64url. Requests with the same digest are the same request. */
export function computeDigest(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  // The length before each part keeps ('ab', 'c') apart from ('a', 'bc').
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}\n`).update(part);
  return hash.digest('base64url');
}

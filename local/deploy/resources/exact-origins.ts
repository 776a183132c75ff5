/**
 * Returns the origins of a CORS configuration. An origin with `*` would let every page of the web call this machine, so
 * it is refused.
 */
export function requireExactOrigins(logicalId: string, origins: readonly string[] = []): readonly string[] {
  const wide = origins.find((origin) => origin.includes('*'));
  if (wide === undefined) return origins;
  throw new Error(
    `${logicalId} allows the origin ${wide}. The local cloud takes exact origins only, such as http://localhost:3000.`,
  );
}

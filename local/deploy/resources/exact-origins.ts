/** The origins that a CORS configuration names. One with `*` would let every page of the web call this machine. */
export function exactOrigins(logicalId: string, origins: readonly string[] = []): readonly string[] {
  const wide = origins.find((origin) => origin.includes('*'));
  if (wide === undefined) return origins;
  throw new Error(
    `${logicalId} allows the origin ${wide}; the local cloud takes exact origins, such as http://localhost:3000.`,
  );
}

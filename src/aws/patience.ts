/**
 * By how much services may be slower than AWS. The local cloud sets it, because emulators share a machine with their
 * callers.
 */
export const patience = (): number => Number(process.env['SERVICE_PATIENCE'] ?? 1);

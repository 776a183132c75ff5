/**
 * Emulators that share a machine's processors with those who call them are slower than AWS; their cloud says how much.
 */
export const patience = (): number => Number(process.env['SERVICE_PATIENCE'] ?? 1);

/**
 * Repeats a run: `E2E_SEED=… npm run jest -- --selectProjects e2e`. Stands in the names of the tests that draw from it.
 */
export const seed = Number(process.env['E2E_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

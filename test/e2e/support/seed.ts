/**
 * The seed of everything drawn at random. `E2E_SEED=… npm run jest -- --selectProjects e2e` repeats a run. The names of
 * the tests that draw contain it.
 */
export const seed = Number(process.env['E2E_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** Computes when a URL signed at `at` stops working: signatures have whole seconds. */
export const computeExpiry = (at: number, seconds: number): string =>
  new Date((Math.floor(at / 1_000) + seconds) * 1_000).toISOString();

/** The golden ratio less 1. The fractional parts of its multiples are spread evenly over 0 to 1. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Rotates a list: each round begins at another position. A caller that handles only one N-th of the list in a round
 * handles each value within 3 N rounds, without remembering where it stopped.
 */
export function rotate<T>(values: readonly T[], round: number): readonly T[] {
  const first = Math.floor(((round * GOLDEN) % 1) * values.length);
  return [...values.slice(first), ...values.slice(0, first)];
}

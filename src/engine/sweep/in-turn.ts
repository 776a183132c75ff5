/** The golden ratio without its 1. Its multiples, less their whole part, are spread over 0 to 1 as evenly as can be. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The values from another place on in each round, then those before that place. Whoever only comes to one of N of the
 * values in a round comes to each of them within 3 N rounds, and needs to remember nothing. Pure.
 */
export function inTurn<T>(values: readonly T[], round: number): readonly T[] {
  const first = Math.floor(((round * GOLDEN) % 1) * values.length);
  return [...values.slice(first), ...values.slice(0, first)];
}

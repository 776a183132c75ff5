/**
 * How many times longer than on AWS a function may run on this machine. A machine that also runs the emulators is
 * slower than Lambda, and a late response is better than none.
 */
const DEFAULT_FACTOR = 3;

/** Reads the factor from the variable `TIME_FACTOR`. */
export function timeFactor({ TIME_FACTOR: text } = process.env): number {
  if (text === undefined || text === '') return DEFAULT_FACTOR;
  const factor = Number(text);
  if (factor >= 1 && factor <= 1_000) return factor;
  throw new RangeError(
    `TIME_FACTOR is "${text}". Allowed: 1 to 1000, as many times longer than on AWS as functions may run here. Leave it out for ${DEFAULT_FACTOR}.`,
  );
}
